/**
 * What is known of one room's messages, and the one reducer that brings changes into it, live and replayed alike.
 *
 * A change carries the room's next number. `applied` is the last number up to which nothing is missing. `messages` is a
 * window without holes on the newest messages, by `seq`; what lies below it is fetched when someone scrolls there.
 */
import { markRaw, shallowReactive } from "vue";

import type { Message, RoomEvent, RoomEvents, SyncedRoom } from "../api/wire";
import { joinContext, type Context } from "./context";
import { insert, newest, update, withOlder } from "./window";

export interface RoomLog {
  messages: Message[];
  applied: number;
  /** The highest number seen behind a hole since the last `sync` set out; above `applied` it means that one is due. */
  missed: number;
  state: "unloaded" | "loading" | "loaded" | "failed";
  hasOlder: boolean;
  loadingOlder: boolean;
  /** Changes of messages below the window, kept while a page that may hold an earlier version is on its way. */
  below: Message[];
  /** Counts replacements of the whole window: a page asked for before one must not be merged after it. */
  generation: number;
  /** What one looks at instead, when it is far below the window. */
  context: Context | null;
  /** Pages for the context that are on their way, and what changed since the first of them was asked for. */
  fetching: number;
  heard: Message[];
  /** Counts the jumps: only the page of the last one is shown. */
  jumps: number;
}

export function createLog(applied: number): RoomLog {
  return {
    messages: shallowReactive([]),
    applied,
    missed: applied,
    state: "unloaded",
    hasOlder: true,
    loadingOlder: false,
    below: [],
    generation: 0,
    context: null,
    fetching: 0,
    heard: [],
    jumps: 0,
  };
}

export function hasHole(log: RoomLog): boolean {
  return log.missed > log.applied;
}

/**
 * Applies what continues the log, ignores what it has already and what is behind a hole. Returns what it applied. Numbers
 * between two events of one frame that no event has are those of messages that have changed again.
 */
export function applyLive(log: RoomLog, frame: Omit<RoomEvents, "room_id">): RoomEvent[] {
  if (frame.after_seq > log.applied) {
    log.missed = Math.max(log.missed, frame.head_seq);
    return [];
  }
  const fresh = frame.events.filter((event) => event.seq > log.applied);
  for (const event of fresh) put(log, event.message);
  log.applied = Math.max(log.applied, frame.head_seq);
  return fresh;
}

/** The number to `sync` from. Every hole that shows now will be filled by the answer; later ones may not. */
export function startSync(log: RoomLog): number {
  log.missed = 0;
  return log.applied;
}

/**
 * Applies the answer to a `sync` from the number `from`: each message that changed, once, so its numbers have gaps that
 * are none. Without `recovered` it is the newest page, and what was known before it cannot be joined to it.
 */
export function applySynced(log: RoomLog, synced: SyncedRoom, from: number): RoomEvent[] {
  const fresh = synced.events.filter((event) => event.seq > log.applied);
  if (synced.recovered) {
    for (const event of fresh) put(log, event.message);
    log.applied = Math.max(log.applied, synced.head_seq);
  } else if (log.applied === from || synced.head_seq > log.applied) {
    if (synced.head_seq < log.applied) log.context = null;
    replace(log, synced.events);
    log.applied = synced.head_seq; // lower than before where the database is an older one
  } // else live events have filled the gap, and gone on
  return fresh;
}

/** The newest page, read after the room's live events were subscribed: nothing can fall between. */
export function applyNewestPage(log: RoomLog, page: Message[], limit: number): void {
  log.hasOlder = page.length >= limit;
  const start = Math.min(...page.map((message) => message.seq));
  const live = log.messages.splice(0);
  const inWindow = live.filter((message) => !log.hasOlder || message.seq >= start);
  for (const message of [...page, ...inWindow]) insert(log.messages, message);
  log.state = "loaded";
  joinContext(log);
}

/** A page that ends right below the window. */
export function applyOlderPage(log: RoomLog, page: Message[], limit: number): void {
  log.hasOlder = page.length >= limit;
  const older = [...page].sort((a, b) => a.seq - b.seq).map((message) => markRaw(message));
  const start = log.messages[0]?.seq ?? Infinity;
  log.messages = withOlder(older.filter((message) => message.seq < start), log.messages);
  for (const message of log.below.splice(0)) put(log, message);
  joinContext(log);
}

/** Lets go of old messages, so that a room that is open for weeks does not grow without end. */
export function trim(log: RoomLog, keep: number): void {
  if (log.messages.length <= keep || log.loadingOlder || log.state !== "loaded") return;
  log.messages = newest(log.messages, keep);
  log.hasOlder = true;
}

/** Stores a message that came without its number's turn, as an ack does. */
export function put(log: RoomLog, message: Message): void {
  if (log.context) update(log.context.messages, message);
  if (log.fetching > 0) log.heard.push(markRaw(message));
  if (log.state === "unloaded") return;
  const start = log.messages[0]?.seq;
  const isBelow = log.state === "loaded" && log.hasOlder && start !== undefined && message.seq < start;
  if (!isBelow) insert(log.messages, message);
  else if (log.loadingOlder) log.below.push(message);
}

function replace(log: RoomLog, events: RoomEvent[]): void {
  log.messages.splice(0);
  log.below = [];
  log.hasOlder = true;
  log.generation += 1;
  if (log.context) log.context.isStale = true;
  if (log.state === "loaded") for (const { message } of events) insert(log.messages, message);
}
