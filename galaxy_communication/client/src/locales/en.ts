/** English, complete: its keys are the catalogue. A text with a number is a pair, chosen by the language's plural rules. */
export const en = {
  title: "Chat",
  "panel.close": "Close chat",
  "panel.newWindow": "Open chat in a new tab",

  "status.online": "Online",
  "status.offline": "Offline",
  "status.goOnline": "Go online",
  "status.goOffline": "Go offline",

  "connection.connected": "Connected",
  "connection.connecting": "Connecting…",
  "connection.offline": "Not connected",
  "connection.lost": "Connection lost, trying again…",

  "offline.title": "You are offline.",
  "offline.text": "Go online to read and write.",
  "ended.title": "Your Galaxy session ended.",
  "ended.text": "Log in again to go on chatting.",
  "ended.login": "Log in",
  "forbidden.title": "You cannot use the chat now.",
  "disabled.title": "Chat is switched off.",
  "disabled.text": "You can switch it on in your Galaxy preferences, under Manage Information.",
  "disabled.preferences": "Open preferences",
  "notForYou.title": "Chat is not switched on for you.",
  "notForYou.text": "Log in to Galaxy, and switch chat on in your preferences, under Manage Information.",
  "unavailable.title": "The chat cannot be reached.",
  "unavailable.text": "Please try again in a moment.",
  retry: "Try again",
  dismiss: "Dismiss",

  "rooms.title": "Rooms",
  "rooms.more": "More rooms",
  "rooms.join": "Join",
  "rooms.joinName": "Join {name}",
  "rooms.unread": { one: "{count} unread message", other: "{count} unread messages" },
  "rooms.none": "There is no room that you can see.",

  "room.members": { one: "{count} member", other: "{count} members" },
  "room.leave": "Leave {name}",
  "room.leaveQuestion": "Leave this room? To come back you will need an invitation.",
  "room.leaveConfirm": "Leave",
  "room.stay": "Stay",
  "room.archived": "This room is archived. It can be read, but not written to.",
  "room.readOnly": "You can read this room, but not write in it.",

  "messages.label": "Messages in {name}",
  "messages.loading": "Loading messages…",
  "messages.loadingOlder": "Loading older messages…",
  "messages.failed": "The messages could not be loaded.",
  "messages.empty": "Nothing here yet.",
  "messages.emptyHint": "Say hello, or ask what you would like to know. Everybody in {name} can read it.",
  "messages.start": "This is the beginning of {name}.",
  "messages.newest": "Jump to newest",
  "messages.new": { one: "{count} new message", other: "{count} new messages" },
  "messages.today": "Today",
  "messages.yesterday": "Yesterday",

  "message.by": "{author}, {time}",
  "message.unknown": "Unknown user",
  "message.you": "You",
  "message.edited": "edited",
  "message.deleted": "This message was deleted.",
  "message.reactions": "Reactions",
  "message.reaction": "{emoji}: {names}",
  "message.pending": "Sending…",
  "message.unconnected": "Will be sent when the connection is back.",
  "message.waiting": "The server is busy, trying again…",
  "message.waitingTooFast": "That was fast. Sending in a moment…",
  "message.waitingUnanswered": "No answer yet, trying again…",
  "message.failed": "Not sent.",
  "message.outdated": "Written on {date}. It may not have been sent.",
  "message.retry": "Send again",
  "message.discard": "Discard",

  "unsent.title": "Messages that were not sent",
  "unsent.text": "Not sent, because you are no longer in {room}:",

  "composer.label": "Message to {name}",
  "composer.placeholder": "Write to {name}",
  "composer.send": "Send",
  "composer.left": { one: "{count} character left", other: "{count} characters left" },
  "composer.over": { one: "{count} character too many", other: "{count} characters too many" },

  "error.disconnected": "There is no connection to the chat. Please try again.",
  "error.timeout": "The chat did not answer. Please try again.",
  "error.overloaded": "The chat is very busy. Please try again.",
  "error.not_a_member": "You were no longer in this room.",
  "error.rate_limited": "That was too fast. Please wait a moment.",
  "error.retryAfter": { one: "Try again in {count} second.", other: "Try again in {count} seconds." },
  "error.other": "That did not work.",
} as const;

export type Catalogue = typeof en;
export type Key = keyof Catalogue;

/** The masthead's texts, apart from the others because the onload script carries them to every page. */
export const masthead = { title: "Chat", unread: "Chat, {count} unread" };
