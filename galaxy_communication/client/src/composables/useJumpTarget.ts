import { onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";

import type { Target } from "../stores/visit";
import type { Row } from "./rows";

/** Milliseconds for which the message that one jumped to stands out. */
const STANDS_OUT = 2_500;

/**
 * Shows what one jumped to as soon as it is among the rows, and puts the focus on it.
 *
 * @param firstNew the number of the message below the line "New messages", where it is among the rows.
 */
export function useJumpTarget(
  list: Ref<HTMLElement | null>,
  rows: () => Row[],
  target: () => Target | null,
  firstNew: () => number | null,
  reveal: (element: Element, place: "middle" | "top") => void,
) {
  /** The number of the message that stands out. */
  const highlighted = ref<number | null>(null);
  let arrived: Target | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function arrive(): void {
    const wanted = target();
    if (!wanted || wanted === arrived) return;
    const isUnread = wanted.kind === "unread";
    const next = rows().find(({ message }) => message && message.seq >= wanted.seq)?.message?.seq;
    const seq = (isUnread ? firstNew() : null) ?? next;
    const element = list.value?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (!element) return;
    arrived = wanted;
    reveal(element, isUnread ? "top" : "middle");
    element.focus({ preventScroll: true });
    if (!isUnread && seq === wanted.seq) highlight(seq);
  }

  function highlight(seq: number): void {
    clearTimeout(timer);
    highlighted.value = seq;
    timer = setTimeout(() => (highlighted.value = null), STANDS_OUT);
  }

  watch([target, rows], arrive, { flush: "post" });
  onMounted(arrive);
  onBeforeUnmount(() => clearTimeout(timer));

  return { highlighted };
}
