import type { Page } from "../src/api/rest";
import type { Message } from "../src/api/wire";

/** The page that the server would give of these messages: the newest first. */
export function pageOf(messages: Message[], { before = Infinity, after, around, limit }: Page): Message[] {
  const ordered = [...messages].sort((a, b) => a.seq - b.seq);
  const below = (seq: number, count: number) => (count > 0 ? ordered.filter((one) => one.seq < seq).slice(-count) : []);
  const above = (seq: number, count: number) => ordered.filter((one) => one.seq > seq).slice(0, count);
  if (after !== undefined) return above(after, limit).reverse();
  if (around === undefined) return below(before, limit).reverse();
  const newer = above(around - 1, Math.ceil(limit / 2));
  return [...below(around, limit - newer.length), ...newer].reverse();
}
