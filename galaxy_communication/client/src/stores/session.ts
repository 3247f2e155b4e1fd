/** What a browser tab remembers until it is closed or somebody else logs in. Without storage it remembers nothing. */
const PREFIX = "galaxy-communication-";

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(PREFIX + key, value);
  } catch {
    // Private mode, or no room: the chat works all the same.
  }
}

function flag(key: string): { get: () => boolean; set: (on: boolean) => void } {
  return { get: () => read(key) === "1", set: (on) => write(key, on ? "1" : "0") };
}

/** The bubble: offline at first. */
export const rememberedOnline = flag("online");
/** The docked panel. */
export const rememberedOpen = flag("open");
/** The room list, where it stands above the room. */
export const rememberedFolded = flag("folded");

export const rememberedRoom = { get: () => read("room"), set: (roomId: string) => write("room", roomId) };

/** Of what is typed and not sent, this much is remembered: rooms, and characters in all of them. */
const DRAFT_ROOMS = 50;
const DRAFT_CHARACTERS = 100_000;

function drafts(): [roomId: string, text: string][] {
  try {
    const parsed: unknown = JSON.parse(read("drafts") || "[]");
    return Array.isArray(parsed) ? (parsed as [string, string][]) : [];
  } catch {
    return [];
  }
}

/** What was typed outlives a reload. The rooms in which something was typed last push out the others. */
export const rememberedDrafts = {
  get: (roomId: string): string => drafts().find(([id]) => id === roomId)?.[1] ?? "",
  set(roomId: string, text: string): void {
    const others = drafts().filter(([id]) => id !== roomId);
    const kept: [string, string][] = [];
    let left = DRAFT_CHARACTERS;
    for (const draft of text ? [[roomId, text] as [string, string], ...others] : others) {
      if (draft[1].length > left || kept.length === DRAFT_ROOMS) continue;
      left -= draft[1].length;
      kept.push(draft);
    }
    write("drafts", JSON.stringify(kept));
  },
};

/** The rooms that are open as tabs, in their order. */
export const rememberedTabs = {
  get: (): string[] => (read("tabs") ?? "").split(" ").filter(Boolean),
  set: (roomIds: string[]) => write("tabs", roomIds.join(" ")),
};

export const rememberedUser = (): string | null => read("user");

/** Nobody inherits what another user left in this tab. */
export function rememberFor(userId: string): void {
  if (read("user") === userId) return;
  for (const key of ["online", "open", "folded", "room", "tabs", "drafts"]) write(key, "");
  write("user", userId);
}
