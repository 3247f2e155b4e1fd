import { computed, onBeforeUnmount, provide, watch } from "vue";

import type { Message } from "../api/wire";
import { describe, t } from "../i18n";
import { isQuiet } from "../stores/rooms";
import { currentRoom } from "../stores/state";
import { announcerKey, createAnnouncer, type Announcer } from "./announcer";
import { oneLine } from "./firstLine";
import { collectNews } from "./messageNews";
import { authorOf, roomName } from "./people";
import { shortened } from "./shortened";
import { useChat } from "./useChat";
import { usePageVisible } from "./usePageVisible";

/** Characters of a message that are read out; who wants more goes there. */
const LONGEST = 150;

/**
 * Says what one would see: messages of others that come in the open room, that the connection is lost or back, and what
 * could not be sent. What one has done oneself, and what older pages bring, is not news.
 */
export function useAnnouncements(): Announcer {
  const { chat } = useChat();
  const { state, people, outbox } = chat;
  const announcer = createAnnouncer();
  provide(announcerKey, announcer);

  const room = computed(() => currentRoom(state));
  /** The newest message of the open room, up to which all is known. */
  let seen = { roomId: "", seq: 0 };

  const news = collectNews((messages) => {
    const [one] = messages;
    if (!one || !room.value) return;
    if (messages.length > 1) {
      announcer.say(t("announce.messages", { count: messages.length, room: roomName(room.value.room) }));
    } else announcer.say(t("announce.message", { author: authorOf(one), text: shortened(oneLine(one.text), LONGEST) }));
  });

  function isNews({ seq, user, deleted }: Message): boolean {
    return seq > seen.seq && !deleted && user.id !== state.me?.id && !people.state.muted.has(user.id);
  }

  watch(
    () => [room.value?.room.id, room.value?.log.state === "loaded", room.value?.log.messages.at(-1)?.seq] as const,
    ([roomId, isLoaded, newest = 0]) => {
      if (roomId === undefined || !isLoaded) return;
      if (roomId !== seen.roomId) news.forget();
      else if (room.value && !isQuiet(room.value.room)) news.heard(room.value.log.messages.filter(isNews));
      seen = { roomId, seq: newest };
    },
    { immediate: true },
  );

  const visible = usePageVisible();
  watch(visible, (isVisible) => news.hold(!isVisible), { immediate: true });

  watch(
    () => state.ready && state.connection !== "connected",
    (isLost) => {
      if (isLost) announcer.say(t("announce.lost"));
      else if (state.ready) announcer.say(t("announce.back"));
    },
  );

  const failed = computed(() => outbox.entries.filter((entry) => entry.state === "failed"));
  watch(failed, (now, before) => {
    const fresh = now.findLast((entry) => !before.some(({ clientId }) => clientId === entry.clientId));
    if (fresh) announcer.say(`${t("announce.notSent")} ${fresh.error ? describe(fresh.error) : ""}`.trim());
  });

  onBeforeUnmount(() => {
    news.forget();
    announcer.stop();
  });
  return announcer;
}
