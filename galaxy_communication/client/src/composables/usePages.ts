import { computed, nextTick, watch, type Ref } from "vue";

import type { Chat } from "../stores/chat";
import { inSight } from "../stores/cleared";
import type { RoomEntry } from "../stores/rooms";

/** So many pixels before an end of the list, what is beyond it is fetched. */
const NEAR = 800;

/**
 * Fetches the messages beyond an end of the list, when one comes near it.
 *
 * @param list the element that scrolls.
 * @param isKnown whether there is anything that pages could continue.
 */
export function usePages(list: Ref<HTMLElement | null>, chat: Chat, entry: () => RoomEntry, isKnown: Ref<boolean>) {
  const shown = computed(() => inSight(entry()));
  const loading = computed(() => entry().log.context?.loading ?? (entry().log.loadingOlder ? "older" : null));

  /** A high window may hold more than a page, so it goes on as long as something comes. */
  async function load(): Promise<void> {
    const element = list.value;
    const { messages, hasOlder } = shown.value;
    if (!element || !isKnown.value || loading.value !== null) return;
    const ends = [messages[0], messages.at(-1)];
    if (hasOlder && element.scrollTop < NEAR) await chat.loadOlder(entry());
    else if (entry().log.context && toEnd(element) < NEAR) await chat.loadNewer(entry());
    else return;
    await nextTick();
    const { messages: now } = shown.value;
    if (now[0] !== ends[0] || now.at(-1) !== ends[1]) await load();
  }

  watch([isKnown, () => shown.value.messages.length], () => void load(), { flush: "post", immediate: true });

  return { loading, load };
}

function toEnd({ scrollHeight, scrollTop, clientHeight }: Element): number {
  return scrollHeight - scrollTop - clientHeight;
}
