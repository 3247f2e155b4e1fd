/** Who came and went in a room while one was here: told quietly among the messages, and stored nowhere. */
import type { User } from "../api/wire";
import type { RoomEntry } from "./rooms";

export interface Notice {
  key: string;
  /** The room's newest number then: it belongs behind the message that has it, or the last one before. */
  seq: number;
  date: Date;
  users: User[];
  joined: boolean;
}

/** Older ones are forgotten. */
export const MAX_NOTICES = 50;

let made = 0;

/** Those who come, or go, one after the other without a message between them are one notice. */
export function addNotice(entry: RoomEntry, user: User, joined: boolean): void {
  const { log, notices } = entry;
  const last = notices.at(-1);
  const newest = log.messages.at(-1)?.seq ?? log.applied;
  if (last?.joined === joined && newest <= last.seq) {
    if (!last.users.some(({ id }) => id === user.id)) last.users.push(user);
    return;
  }
  notices.push({ key: `notice-${++made}`, seq: Math.max(newest, log.applied), date: new Date(), users: [user], joined });
  notices.splice(0, notices.length - MAX_NOTICES);
}
