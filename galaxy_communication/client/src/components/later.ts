/** Components that come with `secondary`. */
import { defineAsyncComponent } from "vue";

import NotLoaded from "./NotLoaded.vue";
import type * as Secondary from "./secondary";

export function loadSecondary(): Promise<typeof Secondary> {
  return import("./secondary");
}

/** A failure is told, and tried again by the next one who wants it. */
function later<Name extends keyof typeof Secondary>(name: Name): (typeof Secondary)[Name] {
  const loader = async () => (await loadSecondary())[name];
  return defineAsyncComponent({ loader, errorComponent: NotLoaded }) as (typeof Secondary)[Name];
}

export const BrowseRooms = later("BrowseRooms");
export const ChatPreferences = later("ChatPreferences");
export const EmojiPicker = later("EmojiPicker");
export const MessageVersions = later("MessageVersions");
export const NewConversation = later("NewConversation");
export const NewRoom = later("NewRoom");
export const PersonCard = later("PersonCard");
export const RoomDetails = later("RoomDetails");
export const SearchPanel = later("SearchPanel");
