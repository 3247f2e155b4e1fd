import { computed, shallowRef, type ComputedRef } from "vue";

import type { Message } from "../api/wire";
import { findPlace } from "../stores/window";
import { RowHeights } from "./rowHeights";

/** The numbers of the first and the last message that are rendered; `Infinity` stands for whatever comes at the end. */
interface Span {
  from: number;
  to: number;
}

/** Indices, the second one exclusive. */
export interface Rendered {
  first: number;
  end: number;
}

/** So many messages are rendered where it is not known how many fill the view. */
const START = 40;
/** A row in pixels, until some have been seen. */
const GUESS = 48;
/** So many heights of the view are rendered on both sides of it, and this many times that stays rendered. */
const MARGIN = 1;
const HELD = 2;

/**
 * Which of the messages of a room are in the DOM: what one sees and a little more, however many there are.
 *
 * It is kept by the numbers of messages, so it stays where it is whatever comes before or behind it. In place of the rest
 * stand two spaces, of the heights that the rows had, or of those that are to be expected; when rows turn out to be of
 * another height, it is for `useScrollPlace` to keep what one sees in its place.
 */
export function useRenderedSpan(messages: () => Message[]) {
  const span = shallowRef<Span>({ from: Infinity, to: Infinity });
  const heights = new RowHeights(GUESS);

  const rendered: ComputedRef<Rendered> = computed(() => {
    const all = messages();
    const { from, to } = span.value;
    const [first, end] = [findPlace(all, from), to === Infinity ? all.length : findPlace(all, to + 1)];
    return first < end ? { first, end } : { first: Math.max(0, all.length - START), end: all.length };
  });
  const above = computed(() => heights.total(messages(), 0, rendered.value.first));
  const below = computed(() => heights.total(messages(), rendered.value.end, messages().length));
  const hasEnd = computed(() => rendered.value.end === messages().length);

  function render({ first, end }: Rendered): void {
    const all = messages();
    const to = end >= all.length ? Infinity : (all[end - 1]?.seq ?? Infinity);
    span.value = { from: all[Math.max(0, first)]?.seq ?? Infinity, to };
  }

  function showEnd(): void {
    const { length } = messages();
    render({ first: length - START, end: length });
  }

  function showAround(seq: number): void {
    const place = findPlace(messages(), seq);
    render({ first: place - START / 2, end: place + START / 2 });
  }

  /**
   * Follows what one sees; to be called when the list has been scrolled or has changed.
   *
   * @param list the element that scrolls.
   * @param rows the elements of rendered messages, in order, with the numbers of these.
   */
  function follow(list: HTMLElement, rows: [element: Element, seq: number][]): void {
    const all = messages();
    const { first, end } = rendered.value;
    if (first === end || rows.length !== end - first || rows[0]?.[1] !== all[first]?.seq) return; // not rendered yet
    const boxes = rows.map(([element]) => element.getBoundingClientRect());
    heights.learn(boxes.map(({ height }, index) => [all[first + index] as Message, height]));

    const height = list.clientHeight;
    const at = (index: number): number => heights.of(all[index] as Message);
    const now: Rendered = { first, end };
    let top = (boxes[0]?.top ?? 0) - list.getBoundingClientRect().top;
    while (now.first > 0 && top > -MARGIN * height) top -= at(--now.first);
    while (now.first < all.length - 1 && top + at(now.first) < -HELD * height) top += at(now.first++);
    for (now.end = now.first; now.end < all.length && top < (now.end < end ? HELD + 1 : MARGIN + 1) * height; now.end++) {
      top += at(now.end);
    }
    if (now.first !== first || now.end !== end) render(now);
  }

  return { rendered, above, below, hasEnd, showEnd, showAround, follow };
}
