import { reactive } from "vue";

import type { ConnectionState } from "../api/connection";
import type { ChatError } from "../api/errors";
import type { Limits, Notice, RoomRemovedReason, Silence, User } from "../api/wire";
import type { RoomEntry, Rooms } from "./rooms";

export interface ChatState {
  /** The bubble: whether the user wants to be there. */
  online: boolean;
  connection: ConnectionState;
  /** When the next attempt at a connection begins, in milliseconds since 1970. */
  nextTry: number | null;
  /** It is connected, but by REST: what is new comes every few seconds. */
  polling: boolean;
  /** True once there is something to show; a lost connection leaves it true. */
  ready: boolean;
  /** Why the server sent us away, until the user tries again. */
  refused: ChatError | null;
  /** What the last action of the user could not do. */
  notice: ChatError | null;
  /** What somebody else did to one's rooms that one would otherwise wonder about. */
  news: { reason: Exclude<RoomRemovedReason, "left">; room: string } | null;
  /** The newest thing that one should know of, and that is in no room. */
  told: Notice | null;
  me: User | null;
  /** Why one may not write anywhere, and until when. */
  silence: Silence | null;
  isAdmin: boolean;
  limits: Limits;
  rooms: Rooms;
  currentId: string | null;
  /** Those that have a tab. */
  openIds: string[];
  /** The list of the current room shows its newest message to somebody who looks. */
  reading: boolean;
  /** The search is open. */
  searching: boolean;
}

export function createState(): ChatState {
  return reactive({
    online: false,
    connection: "offline",
    nextTry: null,
    polling: false,
    ready: false,
    refused: null,
    notice: null,
    news: null,
    told: null,
    me: null,
    silence: null,
    isAdmin: false,
    limits: {
      max_message_length: Infinity,
      max_room_name_length: Infinity,
      max_topic_length: Infinity,
      max_mentions: Infinity,
      max_room_mention_members: Infinity,
      rates: {},
    },
    rooms: new Map<string, RoomEntry>(),
    currentId: null,
    openIds: [],
    reading: false,
    searching: false,
  }) as ChatState;
}

export function currentRoom(state: ChatState): RoomEntry | null {
  return (state.currentId !== null && state.rooms.get(state.currentId)) || null;
}
