/** Components that come with `secondary`. */
import { defineComponent, h, ref, shallowRef } from "vue";

import { speakOn } from "../languages";
import NotLoaded from "./NotLoaded.vue";
import type * as Secondary from "./secondary";

/** For what there is only when that has come. */
export const secondary = shallowRef<typeof Secondary | null>(null);

export async function loadSecondary(): Promise<typeof Secondary> {
  if (secondary.value) return secondary.value;
  const loaded = await import("./secondary");
  await speakOn(loaded.texts);
  return (secondary.value = loaded);
}

type Components = Omit<typeof Secondary, "actionsOn" | "texts">;

/**
 * What is asked of the component is passed on to it. A failure is told, and tried again by the next one who wants it. Vue's
 * own asynchronous components can do much that is not needed here.
 */
function later<Name extends keyof Components>(name: Name): Components[Name] {
  const place = defineComponent(() => {
    const hasFailed = ref(false);
    loadSecondary().catch(() => (hasFailed.value = true));
    return () => (hasFailed.value ? h(NotLoaded) : secondary.value && h(secondary.value[name]));
  });
  return place as unknown as Components[Name];
}

export const AskOnce = later("AskOnce");
export const BrowseRooms = later("BrowseRooms");
export const ChatPreferences = later("ChatPreferences");
export const ClosedRoom = later("ClosedRoom");
export const ComposerPreview = later("ComposerPreview");
export const EmojiPicker = later("EmojiPicker");
export const EmptyRoom = later("EmptyRoom");
export const InviteDialog = later("InviteDialog");
export const MessageMenu = later("MessageMenu");
export const MessageReport = later("MessageReport");
export const MessageVersions = later("MessageVersions");
export const NewConversation = later("NewConversation");
export const NewRoom = later("NewRoom");
export const PanelMenu = later("PanelMenu");
export const PersonCard = later("PersonCard");
export const PinnedMessages = later("PinnedMessages");
export const PollingNotice = later("PollingNotice");
export const RoomDetails = later("RoomDetails");
export const RoomTabsMenu = later("RoomTabsMenu");
export const SearchPanel = later("SearchPanel");
export const ShortcutSheet = later("ShortcutSheet");
export const ToldNotice = later("ToldNotice");
