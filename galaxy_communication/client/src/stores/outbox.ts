/**
 * Messages on their way: shown at once, kept until the server has them, sent again with the same `client_id`, so that
 * each arrives once. The store of drafts is in memory; one that survives a reload has to offer `DraftStore`.
 */
import { reactive } from "vue";

import { ChatError } from "../api/errors";

export interface Draft {
  clientId: string;
  roomId: string;
  text: string;
  createdAt: string;
}

export interface Outgoing extends Draft {
  state: "pending" | "failed";
  error: ChatError | null;
}

export interface DraftStore {
  /** In the order in which they were written. */
  load(): Promise<Draft[]>;
  put(draft: Draft): void;
  remove(clientId: string): void;
}

export type Send = (draft: Draft) => Promise<void>;

const memory: DraftStore = { load: () => Promise.resolve([]), put: () => undefined, remove: () => undefined };

export class Outbox {
  /** Reactive; in the order of writing. */
  readonly entries: Outgoing[] = reactive([]);

  /** @param send settles when the server has stored the message; `disconnected` means that nobody knows. */
  constructor(
    private readonly send: Send,
    private readonly store: DraftStore = memory,
  ) {}

  add(roomId: string, text: string): void {
    const draft: Draft = { clientId: newClientId(), roomId, text, createdAt: new Date().toISOString() };
    this.store.put(draft);
    this.entries.push({ ...draft, state: "pending", error: null });
    this.attempt(draft.clientId);
  }

  retry(clientId: string): void {
    const entry = this.find(clientId);
    if (entry?.state !== "failed") return;
    Object.assign(entry, { state: "pending", error: null });
    this.attempt(clientId);
  }

  /** The server has it (ack or event, whichever comes first), or the user gave it up. */
  remove(clientId: string): void {
    const place = this.entries.findIndex((entry) => entry.clientId === clientId);
    if (place < 0) return;
    this.entries.splice(place, 1);
    this.store.remove(clientId);
  }

  /** After a reconnect: everything undecided once more, in order. */
  resend(): void {
    for (const { clientId, state } of [...this.entries]) if (state === "pending") this.attempt(clientId);
  }

  private attempt(clientId: string): void {
    const draft = this.find(clientId);
    if (!draft) return;
    this.send({ ...draft }).then(
      () => this.remove(clientId),
      (error: unknown) => this.failed(clientId, error),
    );
  }

  private failed(clientId: string, error: unknown): void {
    const entry = this.find(clientId);
    const reason = error instanceof ChatError ? error : new ChatError("invalid", String(error));
    if (!entry || reason.code === "disconnected") return;
    Object.assign(entry, { state: "failed", error: reason });
  }

  private find(clientId: string): Outgoing | undefined {
    return this.entries.find((entry) => entry.clientId === clientId);
  }
}

/** Not `crypto.randomUUID`: it is missing where Galaxy is served over plain http. */
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
