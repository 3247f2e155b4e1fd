/** The rooms one sees: the server's record of each, its log, and how many messages in it are new. */
import { reactive } from "vue";

import type { Room, RoomEvent } from "../api/wire";
import { createLog, type RoomLog } from "./log";

export interface RoomEntry {
  room: Room;
  log: RoomLog;
  /** Numbers of others' messages that came after the server made `room`; they are not in `room.unread` yet. */
  fresh: number[];
  /** What the user has typed and not sent. */
  draft: string;
}

export type Rooms = Map<string, RoomEntry>;

export function unreadIn(entry: RoomEntry): number {
  return entry.room.joined ? entry.room.unread + entry.fresh.length : 0;
}

export function totalUnread(rooms: Rooms): number {
  let total = 0;
  for (const entry of rooms.values()) if (entry.room.notify !== "nothing") total += unreadIn(entry);
  return total;
}

/** The server's record replaces ours, except that it may be older than messages which are here already. */
export function putRoom(rooms: Rooms, room: Room): RoomEntry {
  const known = rooms.get(room.id);
  if (!known) {
    rooms.set(room.id, reactive({ room, log: createLog(room.head_seq), fresh: [], draft: "" }));
    return rooms.get(room.id) as RoomEntry;
  }
  if (!known.room.joined && room.joined) known.log = createLog(room.head_seq);
  known.room = room;
  const seen = Math.max(room.head_seq, room.read_seq);
  known.fresh = known.fresh.filter((seq) => seq > seen);
  return known;
}

/** Counts what was applied; a replayed message that the server's record counts already is left out. */
export function countNew(entry: RoomEntry, applied: RoomEvent[], myId: string): void {
  const seen = Math.max(entry.room.head_seq, entry.room.read_seq);
  for (const { type, message } of applied) {
    const isNew = type === "message.created" && message.user.id !== myId && message.seq > seen;
    if (isNew && !entry.fresh.includes(message.seq)) entry.fresh.push(message.seq);
  }
}

/** Joined rooms first, the lobby at their head, then those one can join; by name. */
export function inOrder(rooms: Rooms): RoomEntry[] {
  const rank = ({ room }: RoomEntry): number => (!room.joined ? 2 : room.kind === "lobby" ? 0 : 1);
  return [...rooms.values()].sort((a, b) => rank(a) - rank(b) || a.room.name.localeCompare(b.room.name));
}
