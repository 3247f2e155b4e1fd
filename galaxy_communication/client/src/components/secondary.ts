/** What is not seen at first, in one file that is loaded while nobody waits for it. */
import "../styles/secondary";

export { default as texts } from "../locales/en?later";
export { actionsOn } from "../composables/messageActions";
export { default as AskOnce } from "./AskOnce.vue";
export { default as BrowseRooms } from "./BrowseRooms.vue";
export { default as ChatPreferences } from "./ChatPreferences.vue";
export { default as ClosedRoom } from "./ClosedRoom.vue";
export { default as ComposerHelp } from "./ComposerHelp.vue";
export { default as ComposerPreview } from "./ComposerPreview.vue";
export { default as EmojiPicker } from "./EmojiPicker.vue";
export { default as EmptyRoom } from "./EmptyRoom.vue";
export { default as InviteDialog } from "./InviteDialog.vue";
export { default as MessageMenu } from "./MessageMenu.vue";
export { default as MessageReport } from "./MessageReport.vue";
export { default as MessageVersions } from "./MessageVersions.vue";
export { default as NewConversation } from "./NewConversation.vue";
export { default as NewRoom } from "./NewRoom.vue";
export { default as PanelMenu } from "./PanelMenu.vue";
export { default as PersonCard } from "./PersonCard.vue";
export { default as PinnedMessages } from "./PinnedMessages.vue";
export { default as PollingNotice } from "./PollingNotice.vue";
export { default as RoomDetails } from "./RoomDetails.vue";
export { default as RoomTabsMenu } from "./RoomTabsMenu.vue";
export { default as SearchPanel } from "./SearchPanel.vue";
export { default as ShortcutSheet } from "./ShortcutSheet.vue";
export { default as ToldNotice } from "./ToldNotice.vue";
