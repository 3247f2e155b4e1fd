/** Components that come with `secondary`. */
import { defineAsyncComponent } from "vue";

import { ChatError } from "../api/errors";
import NotLoaded from "./NotLoaded.vue";
import type * as Secondary from "./secondary";

export function loadSecondary(): Promise<typeof Secondary> {
  return import("./secondary");
}

function notLoaded(): never {
  throw new ChatError("not_loaded", "");
}

/** Vue would also write it to the console, as an error that nobody has handled. */
export function isNotLoaded(error: unknown): boolean {
  return error instanceof ChatError && error.code === "not_loaded";
}

/** A failure is told, and tried again by the next one who wants it. */
function later<Name extends keyof typeof Secondary>(name: Name): (typeof Secondary)[Name] {
  const loader = async () => (await loadSecondary().catch(notLoaded))[name];
  return defineAsyncComponent({ loader, errorComponent: NotLoaded }) as (typeof Secondary)[Name];
}

export const AskOnce = later("AskOnce");
export const BrowseRooms = later("BrowseRooms");
export const ChatPreferences = later("ChatPreferences");
export const EmojiPicker = later("EmojiPicker");
export const InviteDialog = later("InviteDialog");
export const MessageMenu = later("MessageMenu");
export const MessageVersions = later("MessageVersions");
export const NewConversation = later("NewConversation");
export const NewRoom = later("NewRoom");
export const PanelMenu = later("PanelMenu");
export const PersonCard = later("PersonCard");
export const PinnedMessages = later("PinnedMessages");
export const RoomDetails = later("RoomDetails");
export const RoomTabsMenu = later("RoomTabsMenu");
export const SearchPanel = later("SearchPanel");
export const ShortcutSheet = later("ShortcutSheet");
