import { computed, ref, watch } from "vue";

import type { Message } from "../api/wire";
import type { Visit } from "../stores/visit";
import { findPlace } from "../stores/window";

/** What a list shows: a window on the messages of a room. */
export interface Shown {
  messages: Message[];
  hasOlder: boolean;
}

/**
 * Where the line "New messages" is: above the first message of others that was new when the room was opened.
 *
 * @param isNews whether a message is one that can be unread.
 */
export function useUnreadLine(shown: () => Shown, visit: () => Visit, isNews: (message: Message) => boolean) {
  const isAboveView = ref(false);
  const isDone = ref(false);

  const isAboveWindow = computed(() => {
    const { newFrom } = visit();
    const { messages, hasOlder } = shown();
    const start = messages[0]?.seq;
    return newFrom !== null && hasOlder && start !== undefined && start > newFrom + 1;
  });

  /** The number of the message below it, where it is among those shown. */
  const firstNew = computed(() => {
    const { newFrom } = visit();
    const { messages } = shown();
    if (newFrom === null || isAboveWindow.value) return null;
    return messages.slice(findPlace(messages, newFrom + 1)).find(isNews)?.seq ?? null;
  });

  /** It has not been seen, and one has to go up to see it. */
  const isOutOfSight = computed(() => !isDone.value && (isAboveWindow.value || (firstNew.value !== null && isAboveView.value)));

  watch(
    () => visit().newFrom,
    () => (isDone.value = false),
  );

  /**
   * To be called when the list has been scrolled or has changed.
   *
   * @param start the number of the first message that is rendered.
   */
  function placed(list: HTMLElement, start: number): void {
    const line = list.querySelector(".unread-line");
    if (firstNew.value === null) return;
    if (!line) return void (isAboveView.value = firstNew.value < start);
    const [place, view] = [line.getBoundingClientRect(), list.getBoundingClientRect()];
    isAboveView.value = place.bottom < view.top;
    if (place.bottom >= view.top && place.top <= view.bottom) isDone.value = true;
  }

  return { firstNew, isOutOfSight, placed, dismiss: () => void (isDone.value = true) };
}
