import { onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";

/** So many pixels away from the end still count as being there. */
const SLACK = 40;

/**
 * A list that stays at its end while one is there, and keeps what one looks at in place when it grows at its start.
 *
 * @param list the element that scrolls; its first child holds the content.
 * @param first changes when something was added at the start.
 * @param content changes with everything in the list.
 */
export function useStickToBottom(list: Ref<HTMLElement | null>, first: () => unknown, content: () => unknown) {
  const atBottom = ref(true);
  let fromEnd = 0;
  let observer: ResizeObserver | undefined;

  function measure(): void {
    const element = list.value;
    if (element) atBottom.value = element.scrollHeight - element.scrollTop - element.clientHeight < SLACK;
  }

  function toBottom(): void {
    const element = list.value;
    if (element) element.scrollTop = element.scrollHeight;
    atBottom.value = true;
  }

  function follow(): void {
    if (atBottom.value) toBottom();
  }

  watch(first, () => {
    const element = list.value;
    fromEnd = element ? element.scrollHeight - element.scrollTop : 0;
  });
  watch(
    first,
    () => {
      if (list.value && !atBottom.value) list.value.scrollTop = list.value.scrollHeight - fromEnd;
    },
    { flush: "post" },
  );
  watch(content, follow, { flush: "post" });

  onMounted(() => {
    follow();
    observer = new ResizeObserver(follow);
    if (list.value) observer.observe(list.value);
    if (list.value?.firstElementChild) observer.observe(list.value.firstElementChild);
  });
  onBeforeUnmount(() => observer?.disconnect());

  return { atBottom, measure, toBottom };
}
