/** Tells the server how far the user has read: one request at a time, the latest number last. */
import type { Connection } from "../api/socket";
import type { Room } from "../api/wire";
import { unreadIn, type RoomEntry } from "./rooms";

/**
 * @param isRead whether the newest message of this room is before the user's eyes.
 * @param done hears the server's new record of the room.
 */
export function createReading(
  request: Connection["request"],
  isRead: (entry: RoomEntry) => boolean,
  done: (room: Room) => void,
): (entry: RoomEntry) => void {
  const underway = new Set<string>();

  return function markRead(entry: RoomEntry): void {
    const { room, log } = entry;
    const isNews = unreadIn(entry) > 0 && log.applied > room.read_seq;
    if (!isNews || log.state !== "loaded" || underway.has(room.id) || !isRead(entry)) return;
    underway.add(room.id);
    entry.room = { ...room, read_seq: log.applied, unread: 0, mentions: 0 };
    entry.fresh = [];
    request("room.read", { room_id: room.id, seq: log.applied })
      .then((answer) => done(answer.room))
      .catch(() => undefined) // `ready` brings the truth after a reconnect
      .finally(() => {
        underway.delete(room.id);
        markRead(entry);
      });
  };
}
