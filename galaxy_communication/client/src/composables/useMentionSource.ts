/** Completes the names of those in the room. */
import { shallowRef } from "vue";

import type { User } from "../api/wire";
import { t } from "../i18n";
import type { RoomEntry } from "../stores/rooms";
import type { CompletionOption, CompletionSource } from "./completion";
import { mentionOptions, recentAuthors, unfinishedMention } from "./mentionOptions";
import { useChat } from "./useChat";
import { useDebounced } from "./useDebounced";

export function useMentionSource(entry: () => RoomEntry): CompletionSource {
  const { chat } = useChat();
  const members = shallowRef<User[]>([]);
  /** What is known from the messages is offered at once; those who have not written lately, the server knows. */
  const search = useDebounced(
    (name) => chat.findMembers(entry(), name),
    (page) => (members.value = page),
    () => (members.value = []),
  );

  function options(query: string): CompletionOption[] {
    const { room, log } = entry();
    const known = recentAuthors(log.messages, chat.state.me?.id);
    const others = members.value.filter(({ id }) => id !== chat.state.me?.id);
    const most = chat.state.limits.max_room_mention_members;
    return mentionOptions(query, [...known, ...others], room, most).map(({ name, user }) => {
      const written = { text: `@${name}`, label: `@${name}` };
      return user ? { ...written, user } : { ...written, hint: t("mention.everybody") };
    });
  }

  return {
    title: () => t("mention.title"),
    // In a conversation of two there is nobody to choose.
    find: (before) => (entry().room.kind === "direct" ? null : unfinishedMention(before)),
    options,
    ask: search.soon,
    stop: search.stop,
    isWritten: ({ text }, query) => text.toLowerCase() === `@${query}`,
  };
}
