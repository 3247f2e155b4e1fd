// Generated from galaxy_communication/schemas.py by "npm run types"; do not edit.

export type RoomRemovedReason = "left" | "removed" | "archived";

export interface Closed {
  code: string;
  message: string;
}
export interface Empty {}
export interface Limits {
  max_message_length: number;
}
export interface Message {
  acting_admin: User | null;
  changed_seq: number;
  client_id: string;
  created_at: string;
  deleted: boolean;
  edited_at: string | null;
  id: string;
  mentions: User[];
  reactions: Reaction[];
  reply_to: string | null;
  room_id: string;
  seq: number;
  shares: Share[];
  text: string;
  user: User;
}
export interface User {
  avatar_color: string;
  id: string;
  username: string | null;
}
export interface Reaction {
  count: number;
  emoji: string;
  users: User[];
}
export interface Share {
  detail?: string | null;
  id: string;
  name?: string | null;
  state: "ok" | "no_access" | "gone";
  type: string;
  url?: string | null;
}
export interface MessageAck {
  message: Message;
}
export interface MessageBody {
  client_id: string;
  reply_to?: string | null;
  shares?: ShareReference[];
  text: string;
}
export interface ShareReference {
  id: string;
  type: string;
}
export interface MessageEdit {
  message_id: string;
  text: string;
}
export interface MessageReact {
  emoji: string;
  message_id: string;
  on: boolean;
}
export interface MessageReference {
  message_id: string;
}
export interface MessageSend {
  client_id: string;
  reply_to?: string | null;
  room_id: string;
  shares?: ShareReference[];
  text: string;
}
export interface MessageUpdate {
  text: string;
}
export interface Preferences {
  enabled: boolean;
}
export interface PreferencesUpdate {
  enabled: boolean;
}
export interface PresenceChange {
  status: "online" | "away" | "offline";
  user: User;
}
export interface PresenceChanges {
  changes: PresenceChange[];
}
export interface PresenceSet {
  status: "online" | "away";
}
export interface Ready {
  is_admin: boolean;
  limits: Limits;
  online: User[];
  rooms: Room[];
  server: Server;
  user: User;
}
/**
 * A room as one user sees it: ``joined`` to ``can_moderate`` are the viewer's own.
 */
export interface Room {
  archived: boolean;
  can_moderate: boolean;
  can_post: boolean;
  head_seq: number;
  id: string;
  joined: boolean;
  kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  listed: boolean;
  member_count: number;
  mentions: number;
  name: string;
  notify: "all" | "mentions" | "nothing";
  read_seq: number;
  slow_mode_seconds: number;
  topic: string;
  unread: number;
}
export interface Server {
  version: string;
}
export interface RoomAck {
  room: Room;
}
export interface RoomEvent {
  message: Message;
  seq: number;
  type: "message.created" | "message.updated" | "message.deleted";
}
export interface RoomEvents {
  events: RoomEvent[];
  head_seq: number;
  room_id: string;
}
/**
 * By ``room_id`` or, for rooms that may be found, by ``name``.
 */
export interface RoomJoin {
  name?: string | null;
  room_id?: string | null;
}
export interface RoomMember {
  joined: boolean;
  room_id: string;
  user: User;
}
export interface RoomRead {
  room_id: string;
  seq: number;
}
export interface RoomReference {
  room_id: string;
}
export interface RoomRemoved {
  reason: RoomRemovedReason;
  room_id: string;
}
export interface RoomUpdated {
  room: Room;
}
export interface Socket {
  namespace: string;
  path: string;
  url: string | null;
}
export interface Status {
  available: boolean;
  enabled: boolean;
  mentions: number;
  socket: Socket;
  unread: number;
  user_enabled: boolean;
  version: string;
}
export interface Sync {
  rooms: {
    [k: string]: number;
  };
}
export interface SyncAck {
  rooms: {
    [k: string]: SyncedRoom;
  };
}
export interface SyncedRoom {
  events: RoomEvent[];
  head_seq: number;
  recovered: boolean;
}
