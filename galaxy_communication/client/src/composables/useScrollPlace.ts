import { onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";

/** So many pixels away from the end still count as being there. */
const SLACK = 40;
/** So many messages are remembered with their places, as the first may be gone when it matters. */
const ANCHORS = 8;

interface Anchor {
  element: Element;
  /** Pixels below the top of the list. */
  top: number;
}

/**
 * A list that stays at its end while one is there, and otherwise keeps what one looks at in its place, whatever comes,
 * goes or grows around it. (Browsers can do this themselves, but not all of them.)
 *
 * @param list the element that scrolls; its first child holds the content, whose children are rows, each with its message as an `article`.
 * @param content changes with everything in the list.
 * @param hasEnd whether the end of the list is where new messages come.
 * @param placed is called when it is known what one sees.
 */
export function useScrollPlace(
  list: Ref<HTMLElement | null>,
  content: () => unknown,
  hasEnd: () => boolean,
  placed: (list: HTMLElement) => void,
) {
  const atEnd = ref(true);
  let anchors: Anchor[] = [];
  /** What one jumped to keeps its place until one scrolls. */
  let pinned: Anchor | null = null;
  /** Of what is rendered, which the state may be ahead of. */
  let isEnd = true;
  /** Where we have scrolled to ourselves. */
  let own = -1;
  let observer: ResizeObserver | undefined;

  /** Nothing is to be learned from a list that is not laid out. */
  function laidOut(): HTMLElement | null {
    return list.value && list.value.clientHeight > 0 ? list.value : null;
  }

  function remember(): void {
    const element = laidOut();
    if (!element) return;
    const hasMoved = element.scrollTop !== own;
    if (hasMoved) pinned = null;
    // What has grown since, before anybody could tell us, takes nobody away from the end.
    if (hasMoved || !isEnd || !atEnd.value) atEnd.value = isEnd && element.scrollHeight - element.scrollTop - element.clientHeight < SLACK;
    anchors = visible(element);
  }

  function measure(): void {
    remember();
    const element = laidOut();
    if (element) placed(element);
  }

  function scrollTo(element: HTMLElement, top: number): void {
    element.scrollTop = top;
    own = element.scrollTop;
  }

  function restore(): void {
    const element = laidOut();
    if (!element) return;
    const anchor = [...(pinned ? [pinned] : []), ...anchors].find((one) => element.contains(one.element));
    if (atEnd.value) scrollTo(element, element.scrollHeight);
    else if (anchor) scrollTo(element, element.scrollTop + topOf(anchor.element, element) - anchor.top);
    measure();
  }

  function toEnd(): void {
    pinned = null;
    atEnd.value = true;
    restore();
  }

  /** Scrolls to an element in the list: to the middle, or to where what follows it is seen. */
  function reveal(target: Element, place: "middle" | "top"): void {
    const element = laidOut();
    if (!element) return;
    isEnd = hasEnd();
    const room = element.clientHeight - target.getBoundingClientRect().height;
    const top = Math.max(0, place === "middle" ? room / 2 : Math.min(room, element.clientHeight / 5));
    scrollTo(element, element.scrollTop + topOf(target, element) - top);
    pinned = { element: target, top: topOf(target, element) };
    atEnd.value = false; // unless it shows to be there
    measure();
  }

  function scrolled(): void {
    if (list.value?.scrollTop !== own) measure();
  }

  watch(content, remember); // before it is rendered: one may have scrolled since the last event
  watch(
    content,
    () => {
      isEnd = hasEnd();
      restore();
    },
    { flush: "post" },
  );
  onMounted(() => {
    isEnd = hasEnd();
    restore();
    observer = new ResizeObserver(restore);
    if (list.value) observer.observe(list.value);
    if (list.value?.firstElementChild) observer.observe(list.value.firstElementChild);
  });
  onBeforeUnmount(() => observer?.disconnect());

  return { atEnd, scrolled, toEnd, reveal };
}

function topOf(element: Element, list: HTMLElement): number {
  return element.getBoundingClientRect().top - list.getBoundingClientRect().top;
}

/**
 * The first messages of which something is to be seen. One whose beginning is above comes last: what changes in it, such
 * as its head when another one comes before it, may be out of sight.
 */
function visible(list: HTMLElement): Anchor[] {
  const children = list.firstElementChild?.children ?? [];
  const isAbove = (place: number): boolean => {
    const child = children[place];
    return child !== undefined && topOf(child, list) + child.getBoundingClientRect().height <= 0;
  };
  let [low, high] = [0, children.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAbove(middle)) low = middle + 1;
    else high = middle;
  }
  const anchors: Anchor[] = [];
  for (let place = low; place < children.length && anchors.length < ANCHORS; place++) {
    const element = children[place]?.querySelector("article");
    if (element) anchors.push({ element, top: topOf(element, list) });
  }
  return [...anchors.filter(({ top }) => top >= 0), ...anchors.filter(({ top }) => top < 0)];
}
