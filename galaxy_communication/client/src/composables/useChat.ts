import { inject, type InjectionKey, type Ref } from "vue";

import type { Dock } from "../dock";
import type { Chat } from "../stores/chat";

export interface ChatContext {
  chat: Chat;
  /** Galaxy's root, with a slash at its end. */
  root: string;
  mode: "docked" | "page";
  /** Where the docked panel is; none on a page of its own. */
  dock: Dock | null;
  /** Whether the panel is there to be seen; a closed one shows nothing, and so nothing in it is read. */
  isOpen: Readonly<Ref<boolean>>;
  close: () => void;
  focusComposer: () => void;
}

export const chatKey: InjectionKey<ChatContext> = Symbol("chat");

export function useChat(): ChatContext {
  const context = inject(chatKey);
  if (!context) throw new Error("used outside of the chat's element");
  return context;
}
