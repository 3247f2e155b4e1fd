/** Finding messages again: what is asked for, and the hits, newest first. */
import { markRaw, reactive, ref } from "vue";

import { persist, type Sleep } from "../api/backoff";
import { ChatError } from "../api/errors";
import type { Search } from "../api/rest";
import type { Message, User } from "../api/wire";
import type { ChatParts } from "./chat";

const PAGE = 25;
const ATTEMPTS = 4;
/** Milliseconds after the last key before the server is asked. */
const DELAY = 300;

/** What the user asks for. */
export interface Wish {
  text: string;
  /** In the room that is open, else in all that one may read. */
  isHere: boolean;
  person: User | null;
  /** Local days, as `<input type="date">` gives them, both included. */
  from: string;
  to: string;
}

export interface Finding {
  /** Idle: there is nothing to look for. */
  status: "idle" | "loading" | "loaded" | "failed";
  hits: Message[];
  /** What the hits were found by. */
  terms: string[];
  hasMore: boolean;
  loadingMore: boolean;
  error: ChatError | null;
}

const NO_WISH: Wish = { text: "", isHere: true, person: null, from: "", to: "" };

export function createSearch({ state, rest }: Pick<ChatParts, "state" | "rest">, delay = DELAY, sleep?: Sleep) {
  const wish: Wish = reactive({ ...NO_WISH });
  const found: Finding = reactive(nothing());
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the questions: only the last one's answer is shown. */
  let asked = 0;
  let cursor: string | undefined;
  /** Of rooms that are not in the list. */
  const names = reactive(new Map<string, string>());
  /** Counts how often it was opened: the box wants the focus then, also where it is open already. */
  const calls = ref(0);
  /** It lies above the room, whose messages nobody sees then. */
  const covers = ref(false);

  /** At once. */
  async function run(): Promise<void> {
    clearTimeout(timer);
    const terms = searchTerms(wish.text);
    if (terms.length === 0) return forget();
    const question = ++asked;
    Object.assign(found, { status: "loading", error: null, loadingMore: false });
    const page = await ask(question, toSearch(wish, wish.isHere ? state.currentId : null));
    if (page) Object.assign(found, { status: "loaded", terms, hits: page.map((hit) => markRaw(hit)), ...end(page) });
    else if (question === asked) Object.assign(found, { status: "failed", hits: [] });
  }

  async function more(): Promise<void> {
    if (found.status !== "loaded" || !found.hasMore || found.loadingMore || cursor === undefined) return;
    const question = ++asked;
    Object.assign(found, { loadingMore: true, error: null });
    const page = await ask(question, { ...toSearch(wish, wish.isHere ? state.currentId : null), before: cursor });
    if (question !== asked) return;
    found.loadingMore = false;
    if (!page) return;
    found.hits.push(...page.map((hit) => markRaw(hit)));
    Object.assign(found, end(page));
  }

  /** Null where another question came after it, or there is no answer. */
  async function ask(question: number, wanted: Search): Promise<Message[] | null> {
    try {
      const page = await persist(() => rest.search(wanted), ATTEMPTS, sleep);
      return question === asked ? page : null;
    } catch (error) {
      if (question === asked) found.error = error instanceof ChatError ? error : new ChatError("invalid", String(error));
      return null;
    }
  }

  function end(page: Message[]): Pick<Finding, "hasMore"> {
    cursor = page.at(-1)?.id;
    for (const roomId of new Set(page.map((hit) => hit.room_id))) void learnName(roomId);
    return { hasMore: page.length >= PAGE };
  }

  async function learnName(roomId: string): Promise<void> {
    if (state.rooms.has(roomId) || names.has(roomId)) return;
    const room = await rest.room(roomId).catch(() => null);
    if (room) names.set(roomId, room.name);
  }

  function forget(): void {
    clearTimeout(timer);
    asked += 1;
    Object.assign(found, nothing());
  }

  return {
    wish,
    found,
    calls,
    covers,
    run,
    more,

    roomName: (roomId: string): string => state.rooms.get(roomId)?.room.name ?? names.get(roomId) ?? "",

    /** Asks when no key was pressed for a moment. */
    change(parts: Partial<Wish>): void {
      Object.assign(wish, parts);
      clearTimeout(timer);
      timer = setTimeout(() => void run(), delay);
    },

    /** @param roomId to search in this room, which is the open one. */
    open(roomId?: string): void {
      state.searching = true;
      calls.value += 1;
      if (roomId !== undefined && !wish.isHere) {
        wish.isHere = true;
        void run();
      }
    },

    /** What was found is there again when it is opened the next time. */
    close: () => void (state.searching = false),

    /** Somebody else is here. */
    reset(): void {
      state.searching = false;
      Object.assign(wish, NO_WISH);
      names.clear();
      forget();
    },

    /** Changes of messages, among them perhaps of hits. */
    heard(messages: Message[]): void {
      for (const message of found.hits.length > 0 ? messages : []) {
        const place = found.hits.findIndex(({ id, changed_seq: seq }) => id === message.id && seq < message.changed_seq);
        if (place >= 0) found.hits.splice(place, 1, ...(message.deleted ? [] : [markRaw(message)]));
      }
    },
  };
}

function nothing(): Finding {
  return { status: "idle", hits: [], terms: [], hasMore: false, loadingMore: false, error: null };
}

/** Words and "quoted phrases", of which a hit holds all; as the server takes them. */
export function searchTerms(text: string): string[] {
  const phrases = [...text.matchAll(/"([^"]+)"/g)].map(([, phrase]) => phrase ?? "");
  const words = text.replace(/"[^"]*"?/g, " ").split(/\s+/);
  return [...phrases, ...words].filter((term) => /[\p{L}\p{N}_]/u.test(term));
}

function toSearch({ text, person, from, to }: Wish, roomId: string | null): Search {
  const wanted: Search = { q: text.trim(), limit: PAGE };
  if (roomId !== null) wanted.room_id = roomId;
  if (person) wanted.user_id = person.id;
  if (from) wanted.after = new Date(startOf(from).getTime() - 1).toISOString();
  if (to) wanted.before = startOf(to, 1).toISOString();
  return wanted;
}

/** The first moment of a local day, or of one some days later. */
function startOf(day: string, later = 0): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later);
}
