import { ChatError, errorFromStatus } from "./errors";
import type { Message, Room, Status } from "./wire";

export interface Page {
  /** Only messages below this number. */
  before?: number;
  limit: number;
}

export interface Rest {
  status(): Promise<Status>;
  room(roomId: string): Promise<Room>;
  /** Newest first. */
  messages(roomId: string, page: Page): Promise<Message[]>;
}

/** @param root Galaxy's root, with a slash at its end. */
export function createRest(root: string): Rest {
  const base = `${root}api/communication`;

  async function get<T>(path: string): Promise<T> {
    let response: Response;
    try {
      response = await fetch(base + path, { credentials: "same-origin", headers: { accept: "application/json" } });
    } catch {
      throw new ChatError("disconnected", "");
    }
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorFromStatus(response.status, body);
    return body as T;
  }

  return {
    status: () => get("/status"),
    room: (roomId) => get(`/rooms/${encodeURIComponent(roomId)}`),
    messages(roomId, { before, limit }) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (before !== undefined) query.set("before", String(before));
      return get(`/rooms/${encodeURIComponent(roomId)}/messages?${query}`);
    },
  };
}
