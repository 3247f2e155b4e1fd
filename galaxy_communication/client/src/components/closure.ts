import type { ChatState } from "../stores/state";
import type { RoomEntry } from "../stores/rooms";

/** Why one cannot write in a room. */
export type Closure = "archived" | "notJoined" | "nameless" | "silenced" | "readOnly";

export function closureOf({ room }: RoomEntry, { me, silence }: ChatState): Closure | null {
  if (room.archived) return "archived";
  if (!room.joined) return "notJoined";
  if (!me?.username) return "nameless";
  if (room.can_post) return null;
  return silence ? "silenced" : "readOnly";
}
