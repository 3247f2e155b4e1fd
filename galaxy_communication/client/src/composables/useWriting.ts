/** What one writes in a room: its draft, or what an edit has come to; and whether the server would take it. */
import { computed } from "vue";

import { t } from "../i18n";
import type { RoomEntry } from "../stores/rooms";
import { useChat } from "./useChat";

/** From so many characters before the limit, it is counted down. */
const COUNTDOWN = 200;

export function useWriting(entry: () => RoomEntry) {
  const { chat } = useChat();

  const isEditing = computed(() => entry().editing !== null);
  const text = computed({
    get: () => entry().editing?.text ?? entry().draft,
    set(written: string) {
      const { editing } = entry();
      if (editing) editing.text = written;
      else chat.draft(entry(), written);
    },
  });
  const left = computed(() => chat.state.limits.max_message_length - Array.from(text.value).length);
  const canSend = computed(() => text.value.trim() !== "" && left.value >= 0);
  const count = computed(() => {
    if (left.value > COUNTDOWN) return "";
    return left.value < 0 ? t("composer.over", { count: -left.value }) : t("composer.left", { count: left.value });
  });

  /** Only a change that the server takes ends an edit. */
  function send(): void {
    if (isEditing.value) return void chat.saveEdit(entry());
    chat.send(entry(), text.value.trimEnd());
    text.value = "";
  }

  /** Ends an edit, or makes an answer an ordinary message. Whether there was anything to end. */
  function cancel(): boolean {
    const isAbout = entry().editing !== null || entry().replyTo !== null;
    if (entry().editing) entry().editing = null;
    else entry().replyTo = null;
    return isAbout;
  }

  /** In an empty box there are no lines to go up. While one's last message is on its way, no other must be taken for it. */
  function editLast(): boolean {
    const { room, log } = entry();
    const isUnderWay = chat.outbox.entries.some(({ roomId, state }) => roomId === room.id && state === "pending");
    const mine = log.messages.findLast(({ user, deleted }) => user.id === chat.state.me?.id && !deleted);
    if (text.value !== "" || isUnderWay || !mine) return false;
    chat.startEdit(entry(), mine);
    return true;
  }

  function typed(): void {
    if (text.value.trim() !== "" && !isEditing.value) chat.typing(entry());
  }

  return { text, isEditing, left, canSend, count, send, cancel, editLast, typed };
}
