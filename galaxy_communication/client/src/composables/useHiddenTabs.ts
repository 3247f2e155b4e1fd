import { onBeforeUnmount, onMounted, ref, watch, type Ref } from "vue";

import { isTurned } from "./direction";

/** Pixels that may be cut off unnoticed. */
const SLACK = 2;

/**
 * Which children of a strip that scrolls sideways are not wholly in sight, by their `data-room-id`, in their order.
 *
 * @param content changes with what is in the strip.
 * @param kept the one that stays in sight, whatever grows beside it, unless one scrolls away from it.
 */
export function useHiddenTabs(strip: Ref<HTMLElement | null>, content: () => unknown, kept: () => string | null) {
  const before = ref<string[]>([]);
  const after = ref<string[]>([]);
  let observer: ResizeObserver | undefined;

  function measure(): void {
    const element = strip.value;
    if (!element) return;
    const view = element.getBoundingClientRect();
    const tabs = [...element.children].filter((tab) => tab instanceof HTMLElement);
    const names = (all: HTMLElement[]): string[] => all.map(({ dataset }) => dataset["roomId"] ?? "");
    const left = names(tabs.filter((tab) => tab.getBoundingClientRect().left < view.left - SLACK));
    const right = names(tabs.filter((tab) => tab.getBoundingClientRect().right > view.right + SLACK));
    [before.value, after.value] = isTurned(element) ? [right, left] : [left, right];
  }

  function reveal(roomId: string | null | undefined): void {
    const tabs = [...(strip.value?.children ?? [])] as HTMLElement[];
    tabs.find(({ dataset }) => dataset["roomId"] === roomId)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function restore(): void {
    const tab = kept();
    if (tab !== null && !before.value.includes(tab) && !after.value.includes(tab)) reveal(tab);
    measure();
  }

  watch(content, restore, { flush: "post", deep: true });
  onMounted(() => {
    observer = new ResizeObserver(restore);
    if (strip.value) observer.observe(strip.value);
    measure();
  });
  onBeforeUnmount(() => observer?.disconnect());

  return { before, after, measure, reveal };
}
