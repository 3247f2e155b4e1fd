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

export const rememberedRoom = { get: () => read("room"), set: (roomId: string) => write("room", roomId) };

/** Nobody inherits what another user left in this tab. */
export function rememberFor(userId: string): void {
  if (read("user") === userId) return;
  for (const key of ["online", "open", "room"]) write(key, "");
  write("user", userId);
}
