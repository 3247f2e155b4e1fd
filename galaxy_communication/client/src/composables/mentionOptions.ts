/** Whom one may mean with what follows an `@`. */
import type { Message, Room, User } from "../api/wire";

export interface MentionOption {
  /** What is written after the `@`. */
  name: string;
  /** Null for everybody in the room. */
  user: User | null;
}

const MOST = 8;
/** The name that addresses everybody in a room. */
const EVERYBODY = "room";
/** In larger rooms only moderators may; the server's MAX_ADDRESSED_BY_ANYBODY. */
const ADDRESSED_BY_ANYBODY = 50;

/** Where in a text that ends at the caret a name has begun, and what there is of it. As the server reads names. */
export function unfinishedMention(text: string): { start: number; name: string } | null {
  const match = /(?<![\p{L}\p{N}_@.])@([a-z0-9._-]*)$/iu.exec(text);
  return match && { start: match.index, name: match[1]?.toLowerCase() ?? "" };
}

/** Those who wrote last, the last one first. */
export function recentAuthors(messages: readonly Message[], myId: string | undefined): User[] {
  const authors = new Map<string, User>();
  for (const { user } of [...messages].reverse()) if (user.id !== myId && !authors.has(user.id)) authors.set(user.id, user);
  return [...authors.values()];
}

/** Everybody comes last, unless that is what is being written; a name that is written in full comes first. */
export function mentionOptions(name: string, people: User[], room: Room): MentionOption[] {
  const users = new Map(people.map((user) => [user.id, user]));
  const options: MentionOption[] = [...users.values()].flatMap((user) => (user.username ? [{ name: user.username, user }] : []));
  const mayAddressAll = room.can_moderate || room.member_count <= ADDRESSED_BY_ANYBODY;
  if (mayAddressAll && name === "") options.splice(MOST - 1, Infinity, { name: EVERYBODY, user: null });
  else if (mayAddressAll) options.unshift({ name: EVERYBODY, user: null });
  const fitting = options.filter((option) => option.name.toLowerCase().startsWith(name));
  const exact = (option: MentionOption): number => Number(option.name.toLowerCase() !== name);
  return fitting.sort((a, b) => exact(a) - exact(b)).slice(0, MOST);
}
