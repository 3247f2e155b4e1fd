import { computed } from "vue";

import type { User } from "../api/wire";
import { nameOf } from "./people";
import { useChat } from "./useChat";

/** Somebody as the user sees them, and what the user may do about them. */
export function usePerson(user: () => User) {
  const { chat, focusComposer } = useChat();

  const isMe = computed(() => user().id === chat.state.me?.id);
  const isMuted = computed(() => chat.people.state.muted.has(user().id));

  return {
    isMe,
    isMuted,
    name: computed(() => nameOf(user())),
    status: computed(() => chat.people.statusOf(user().id)),
    async talk(): Promise<void> {
      await chat.talkTo(user());
      focusComposer();
    },
    toggleMute: () => chat.mutePerson(user(), !isMuted.value),
  };
}
