/** The rooms one sees: the server's record of each, its log, and how many messages in it are new. */
import { reactive } from "vue";

import type { Message, Room, RoomEvent } from "../api/wire";
import { createLog, type RoomLog } from "./log";
import type { Notice } from "./notices";
import { rememberedDrafts } from "./session";
import { createVisit, putBack, type Visit } from "./visit";

export interface RoomEntry {
  room: Room;
  log: RoomLog;
  visit: Visit;
  /** The read pointer as the server last told it; ours may be ahead. */
  toldRead: number;
  /** Numbers of others' messages that came after the server made `room`; they are not in `room.unread` yet. */
  fresh: number[];
  /** Those of them that address the user; what is not in `fresh` any more does not count here either. */
  addressed: number[];
  /** Who came and went while one was looking. */
  notices: Notice[];
  /** The view was cleared: messages up to this number are out of sight, in this browser tab only. */
  clearedTo: number | null;
  /** What the user has typed and not sent. */
  draft: string;
  /** Whom it answers. */
  replyTo: Message | null;
  /** The message that is being changed, and what it says by now; the draft waits meanwhile. */
  editing: { message: Message; text: string } | null;
}

export type Rooms = Map<string, RoomEntry>;

/** More than this the server does not count. */
const UNREAD_CAP = 1000;

export function unreadIn(entry: RoomEntry): number {
  return entry.room.joined ? entry.room.unread + entry.fresh.length : 0;
}

/** How many of the unread messages address the user. */
export function mentionsIn(entry: RoomEntry): number {
  if (!entry.room.joined) return 0;
  return entry.room.mentions + entry.addressed.filter((seq) => entry.fresh.includes(seq)).length;
}

/** A room from which the user wants to hear nothing now. */
export function isQuiet({ muted_until: mutedUntil, notify }: Room): boolean {
  return mutedUntil !== null || notify === "nothing";
}

/** How much of what is new in a room deserves a badge that shows everywhere; the server counts by the same rule. */
export function attentionIn(entry: RoomEntry): number {
  return isQuiet(entry.room) ? 0 : unreadIn(entry);
}

/** Whether every message there is meant to be noticed, and not only those that address one. */
export function isLoud({ notify, kind }: Room): boolean {
  return notify === "all" || kind === "direct";
}

/** How much of what is new the user asked to be told of at once. */
export function loudIn(entry: RoomEntry): number {
  if (isQuiet(entry.room)) return 0;
  return isLoud(entry.room) ? unreadIn(entry) : mentionsIn(entry);
}

/** Of all rooms. */
export function loudness(rooms: Rooms): number {
  return [...rooms.values()].reduce((total, entry) => total + loudIn(entry), 0);
}

export function attention(rooms: Rooms): number {
  return [...rooms.values()].reduce((total, entry) => total + attentionIn(entry), 0);
}

/** The server's record replaces ours, except that it may be older than messages which are here already. */
export function putRoom(rooms: Rooms, room: Room): RoomEntry {
  const known = rooms.get(room.id);
  if (!known) {
    rooms.set(room.id, reactive(createEntry(room)));
    return rooms.get(room.id) as RoomEntry;
  }
  if (!known.room.joined && room.joined) known.log = createLog(room.head_seq);
  else if (room.read_seq < known.toldRead) putBack(known.visit, room.read_seq);
  known.toldRead = room.read_seq;
  known.room = room;
  const seen = seenIn(known);
  known.fresh = known.fresh.filter((seq) => seq > seen);
  return known;
}

function createEntry(room: Room): RoomEntry {
  return {
    room,
    log: createLog(room.head_seq),
    visit: createVisit(),
    toldRead: room.read_seq,
    fresh: [],
    addressed: [],
    notices: [],
    clearedTo: null,
    draft: rememberedDrafts.get(room.id),
    replyTo: null,
    editing: null,
  };
}

/** Up to here the server's record knows what is new. */
function seenIn({ room }: RoomEntry): number {
  return Math.max(room.head_seq, room.read_seq);
}

/**
 * Counts what was applied; a replayed change that the server's record counts already is left out.
 *
 * @returns what the user asked to be told of at once.
 */
export function countNew(
  entry: RoomEntry,
  applied: RoomEvent[],
  myId: string,
  isMuted: (userId: string) => boolean = () => false,
): Message[] {
  const news: Message[] = [];
  for (const { type, message } of applied) {
    if (message.user.id === myId || isMuted(message.user.id)) continue;
    const wasLoud = isLoudNews(entry, message);
    if (type === "message.deleted") discount(entry, message);
    else if (type === "message.created" && message.seq > seenIn(entry) && !entry.fresh.includes(message.seq)) {
      entry.fresh.push(message.seq);
    }
    if (entry.fresh.includes(message.seq)) address(entry, message, myId);
    if (!wasLoud && isLoudNews(entry, message)) news.push(message);
  }
  return news;
}

function isLoudNews({ room, fresh, addressed }: RoomEntry, { seq }: Message): boolean {
  return !isQuiet(room) && fresh.includes(seq) && (isLoud(room) || addressed.includes(seq));
}

/** An edit can address somebody, and take it back. */
function address(entry: RoomEntry, { seq, mentions, mentions_room: everybody }: Message, myId: string): void {
  entry.addressed = entry.addressed.filter((one) => one !== seq && entry.fresh.includes(one));
  if (everybody || mentions.some(({ id }) => id === myId)) entry.addressed.push(seq);
}

/** A deleted message is not news, whether it came since or is among those that the server counted. */
function discount(entry: RoomEntry, { seq, changed_seq: changed }: Message): void {
  const { head_seq: head, read_seq: read, unread, mentions } = entry.room;
  const isCounted = seq > read && seq <= head && changed > head && unread > 0 && unread < UNREAD_CAP;
  if (isCounted) entry.room = { ...entry.room, unread: unread - 1, mentions: Math.min(mentions, unread - 1) };
  entry.fresh = entry.fresh.filter((one) => one !== seq);
}

/** One is not in it any more, but may join it again: what the server would say of it now. */
export function leaveRoom(entry: RoomEntry, isAdmin: boolean): void {
  const { room } = entry;
  entry.fresh = [];
  entry.notices = [];
  entry.room = {
    ...room,
    joined: false,
    role: null,
    member_count: room.member_count - 1,
    read_seq: room.head_seq,
    unread: 0,
    mentions: 0,
    notify: "mentions",
    muted_until: null,
    can_post: false,
    can_invite: false,
    can_moderate: isAdmin,
    can_manage: isAdmin,
  };
}

/** Joined rooms first, the lobby at their head and archived ones last, then those one can join; by name. */
export function inOrder(rooms: Rooms): RoomEntry[] {
  const rank = ({ room }: RoomEntry): number => (!room.joined ? 3 : room.archived ? 2 : room.kind === "lobby" ? 0 : 1);
  return [...rooms.values()].sort((a, b) => rank(a) - rank(b) || a.room.name.localeCompare(b.room.name));
}

/** As the list shows them: conversations of two, the rooms one is in, and those one could join. */
export function inSections(rooms: Rooms): { direct: RoomEntry[]; joined: RoomEntry[]; others: RoomEntry[] } {
  const ordered = inOrder(rooms);
  const joined = ordered.filter(({ room }) => room.joined);
  return {
    direct: joined.filter(({ room }) => room.kind === "direct"),
    joined: joined.filter(({ room }) => room.kind !== "direct"),
    others: ordered.filter(({ room }) => !room.joined),
  };
}
