/** Whom one may mean with what follows an `@`. */
import type { Message, Room, User } from "../api/wire";
import type { Unfinished } from "./completion";

export interface MentionOption {
  /** What is written after the `@`. */
  name: string;
  /** Null for everybody in the room. */
  user: User | null;
}

const MOST = 8;
/** The name that addresses everybody in a room. */
const EVERYBODY = "room";

/** Where in a text that ends at the caret a name has begun, and what there is of it. As the server reads names. */
export function unfinishedMention(text: string): Unfinished | null {
  const match = /(?<![\p{L}\p{N}_@.])@([a-z0-9._-]*)$/iu.exec(text);
  return match && { start: match.index, query: match[1]?.toLowerCase() ?? "" };
}

/** Those who wrote last, the last one first. */
export function recentAuthors(messages: readonly Message[], myId: string | undefined): User[] {
  const authors = new Map<string, User>();
  for (const { user } of [...messages].reverse()) if (user.id !== myId && !authors.has(user.id)) authors.set(user.id, user);
  return [...authors.values()];
}

/** Whether one may address everybody in the room; `most` is the server's `max_room_mention_members`. */
export function mayAddressAll(room: Room, most: number): boolean {
  return room.can_moderate || room.member_count <= most;
}

/** Everybody comes last, unless that is what is being written; a name that is written in full comes first. */
export function mentionOptions(name: string, people: User[], room: Room, most: number): MentionOption[] {
  const users = new Map(people.map((user) => [user.id, user]));
  const options: MentionOption[] = [...users.values()].flatMap((user) => (user.username ? [{ name: user.username, user }] : []));
  const hasAll = mayAddressAll(room, most);
  if (hasAll && name === "") options.splice(MOST - 1, Infinity, { name: EVERYBODY, user: null });
  else if (hasAll) options.unshift({ name: EVERYBODY, user: null });
  const fitting = options.filter((option) => option.name.toLowerCase().startsWith(name));
  const exact = (option: MentionOption): number => Number(option.name.toLowerCase() !== name);
  return fitting.sort((a, b) => exact(a) - exact(b)).slice(0, MOST);
}
