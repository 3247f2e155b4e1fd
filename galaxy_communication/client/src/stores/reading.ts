/** Tells the server how far the user has read: one request at a time, the latest number last. */
import type { Connection } from "../api/connection";
import type { Rest } from "../api/rest";
import type { Room } from "../api/wire";
import { unreadIn, type RoomEntry } from "./rooms";

export type Reading = ReturnType<typeof createReading>;

/**
 * @param isRead whether the newest message of this room is before the user's eyes.
 * @param done hears the server's new record of the room.
 */
export function createReading(
  rest: Pick<Rest, "room" | "setRead">,
  request: Connection["request"],
  isRead: (entry: RoomEntry) => boolean,
  done: (room: Room) => void,
) {
  const underway = new Map<string, Promise<void>>();

  function mark(entry: RoomEntry): void {
    const { room, log, visit } = entry;
    const isNews = unreadIn(entry) > 0 && log.applied > room.read_seq;
    if (!isNews || visit.isHeld || log.state !== "loaded" || underway.has(room.id) || !isRead(entry)) return;
    entry.room = { ...room, read_seq: log.applied, unread: 0, mentions: 0 };
    entry.fresh = [];
    const answered = request("room.read", { room_id: room.id, seq: log.applied })
      .then((answer) => done(answer.room))
      .catch(() => undefined) // `ready` brings the truth after a reconnect
      .finally(() => {
        underway.delete(room.id);
        mark(entry);
      });
    underway.set(room.id, answered);
  }

  /** Everything after the number `seq` becomes new again, and stays so. */
  async function putBack(entry: RoomEntry, seq: number): Promise<void> {
    const { visit, room } = entry;
    const before = visit.isHeld;
    visit.isHeld = true;
    await underway.get(room.id); // it could arrive after this and undo it
    try {
      done(await rest.setRead(room.id, { seq, backward: true }));
      visit.newFrom = seq;
    } catch (error) {
      visit.isHeld = before;
      throw error;
    }
  }

  /**
   * The server's record says that the pointer went back from `told`: the user wanted it so, in another tab, or the record
   * is an old one that the answer to a request has overtaken.
   */
  async function verify(entry: RoomEntry, told: number): Promise<void> {
    const room = await rest.room(entry.room.id).catch(() => null);
    if (!room) return;
    done(room);
    if (room.read_seq < told) return;
    Object.assign(entry.visit, { isHeld: false, newFrom: null });
    mark(entry);
  }

  return { mark, putBack, verify };
}
