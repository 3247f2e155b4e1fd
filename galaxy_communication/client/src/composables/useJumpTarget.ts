import { onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";

import type { Message } from "../api/wire";
import type { Target } from "../stores/visit";
import { findPlace } from "../stores/window";

/** Milliseconds for which the message that one jumped to stands out. */
const STANDS_OUT = 2_500;

/**
 * Shows what one jumped to as soon as it is among the messages, and puts the focus on it.
 *
 * @param rows changes with everything in the list.
 * @param firstNew the number of the message below the line "New messages", where it is among the messages.
 * @param render brings a message into the list that is not rendered.
 */
export function useJumpTarget(
  list: Ref<HTMLElement | null>,
  messages: () => Message[],
  rows: () => unknown,
  target: () => Target | null,
  firstNew: () => number | null,
  render: (seq: number) => void,
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
    const next = messages()[findPlace(messages(), wanted.seq)]?.seq;
    const seq = (isUnread ? firstNew() : null) ?? next;
    if (seq === undefined) return;
    const element = list.value?.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (!element) return render(seq);
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
