/** Notifications and sound: the part that is always there loads the rest for who wants one of the two. */
import { watch } from "vue";

import type { Chat } from "../stores/chat";
import type { Ringer } from "./ringer";

/** @returns what ends it. */
export function createAlerts(chat: Chat, root: string, show: () => void): () => void {
  let ringer: Ringer | null = null;
  const userId = (): string | null => {
    const { desktop, sound } = chat.wishes;
    return (desktop.value || sound.value) && chat.state.me ? chat.state.me.id : null;
  };

  async function become(id: string | null): Promise<void> {
    ringer?.stop();
    ringer = null;
    if (id === null) return;
    const loaded = await import("./ringer").catch(() => null);
    if (loaded && !ringer && userId() === id) ringer = loaded.createRinger(chat, root, show);
  }

  chat.onNews({
    news: (entry, messages) => ringer?.news(entry, messages),
    missed: (count) => ringer?.missed(count),
  });
  const stop = watch(userId, (id) => void become(id), { immediate: true });
  return () => {
    stop();
    void become(null);
  };
}
