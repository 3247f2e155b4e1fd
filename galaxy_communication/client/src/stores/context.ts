/**
 * A second window on a room's messages, far below the log's: for looking at an old message among its neighbours. It has
 * no holes either, starts with the page around that message, grows by pages at both ends, hears of every change, and
 * becomes a part of the log as soon as the two touch.
 */
import { shallowReactive } from "vue";

import type { Message } from "../api/wire";
import type { RoomLog } from "./log";
import { findPlace, insert, update, withOlder } from "./window";

export type Side = "older" | "newer";

export interface Context {
  messages: Message[];
  hasOlder: boolean;
  loading: Side | null;
  /** After a gap that was too large to be replayed: what changed meanwhile has to be read again. */
  isStale: boolean;
}

/** A window that is longer loses messages at the end that one is going away from. */
export const MAX_CONTEXT = 300;

/** A page around a message, `limit` messages where the room has as many. */
export function openContext(log: RoomLog, page: Message[], limit: number): void {
  const messages = shallowReactive<Message[]>([]);
  for (const message of [...page, ...log.heard.filter(within(page))]) insert(messages, message);
  const isEmpty = messages.length === 0;
  log.context = isEmpty ? null : { messages, hasOlder: page.length >= limit, loading: null, isStale: false };
  joinContext(log);
}

/** A page that begins or ends right beside the message with the number `bound`. */
export function extendContext(log: RoomLog, page: Message[], limit: number, side: Side, bound: number): void {
  const { context } = log;
  if (!context || edge(context, side) !== bound) return;
  const { messages } = context;
  for (const message of page) insert(messages, message);
  for (const message of log.heard) update(messages, message);
  if (side === "older") {
    context.hasOlder = page.length >= limit;
    messages.splice(MAX_CONTEXT);
  }
  joinContext(log);
  if (side === "newer" && messages.length > MAX_CONTEXT) {
    messages.splice(0, messages.length - MAX_CONTEXT);
    context.hasOlder = true;
  }
}

/** The number of the first or the last message. */
export function edge({ messages }: Context, side: Side): number | undefined {
  return messages.at(side === "older" ? 0 : -1)?.seq;
}

/** Where the two windows touch, they become one. */
export function joinContext(log: RoomLog): void {
  const { context, messages } = log;
  if (!context || context.isStale || log.state !== "loaded") return;
  const start = log.hasOlder ? messages[0]?.seq : -Infinity;
  const end = edge(context, "newer");
  if (start === undefined || end === undefined || end < start) return;
  if ((edge(context, "older") ?? Infinity) <= start) log.hasOlder = context.hasOlder;
  log.messages = withOlder(context.messages.slice(0, findPlace(context.messages, start)), messages);
  log.context = null;
}

function within(page: Message[]): (message: Message) => boolean {
  const numbers = new Set(page.map(({ seq }) => seq));
  return ({ seq }) => numbers.has(seq);
}
