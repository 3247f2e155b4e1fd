/** What the message list shows: the log, then what is on its way, with the places where a day or an author changes. */
import { isSameDay } from "../i18n";
import type { Message, User } from "../api/wire";
import type { Outgoing } from "../stores/outbox";

export interface Row {
  /** The same for a message on its way and the one that it becomes, so that the element stays. */
  key: string;
  author: User | null;
  own: boolean;
  date: Date;
  startsDay: boolean;
  startsGroup: boolean;
  isLast: boolean;
  message: Message | null;
  outgoing: Outgoing | null;
}

/** Milliseconds after which the same author gets a heading again. */
const GROUP_GAP = 5 * 60_000;

/** What was built before, by its message: a row that is the same object is not rendered again. */
const built = new WeakMap<Message | Outgoing, Row>();
const DISTINCT = ["key", "own", "startsDay", "startsGroup", "isLast"] as const;

/**
 * @param firstNew the number of the message below the line "New messages", where its author is named again.
 * @param previous the message above the first of them, where that is known.
 */
export function buildRows(
  messages: Message[],
  outgoing: Outgoing[],
  me: User | null,
  firstNew: number | null = null,
  previous?: Message,
): Row[] {
  const rows: Row[] = [];
  const arrived = new Set<string>();
  let before = previous && { author: previous.user as User | null, date: new Date(previous.created_at), message: previous as Message | null };

  function add(row: Omit<Row, "startsDay" | "startsGroup" | "isLast">): void {
    const startsDay = !before || !isSameDay(before.date, row.date);
    const sameAuthor = before?.author?.id === row.author?.id && before?.message?.acting_admin?.id === row.message?.acting_admin?.id;
    const gap = before ? row.date.getTime() - before.date.getTime() : 0;
    const last = rows.at(-1);
    if (last) last.isLast = false;
    const isNew = row.message !== null && row.message.seq === firstNew;
    rows.push({ ...row, startsDay, startsGroup: startsDay || isNew || !sameAuthor || gap > GROUP_GAP, isLast: true });
    before = row;
  }

  for (const message of messages) {
    const own = message.user.id === me?.id;
    if (own) arrived.add(message.client_id);
    const key = own ? `own-${message.client_id}` : message.id;
    add({ key, author: message.user, own, date: new Date(message.created_at), message, outgoing: null });
  }
  for (const entry of outgoing) {
    if (arrived.has(entry.clientId)) continue;
    const date = new Date(entry.writtenAt);
    add({ key: `own-${entry.clientId}`, author: me, own: true, date, message: null, outgoing: entry });
  }
  return rows.map(reused);
}

function reused(row: Row): Row {
  const source = row.message ?? row.outgoing;
  const before = source && built.get(source);
  if (before && DISTINCT.every((name) => before[name] === row[name])) return before;
  if (source) built.set(source, row);
  return row;
}
