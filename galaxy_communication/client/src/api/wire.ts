// Generated from galaxy_communication/schemas.py by "npm run types"; do not edit.

export type RoomRemovedReason = "left" | "removed" | "archived" | "deleted";

/**
 * A room as whoever looks after the server sees it, in it or not: what it is, and nothing of what is said there.
 */
export interface AdminRoom {
  archived: boolean;
  configured: boolean;
  created_at: string;
  group_name: string | null;
  id: string;
  kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  last_message_at: string | null;
  member_count: number;
  message_count: number;
  name: string;
  owner: User | null;
  read_only: boolean;
  slow_mode_seconds: number;
  topic: string;
}
export interface User {
  avatar_color: string;
  id: string;
  username: string | null;
}
/**
 * Somebody as whoever looks after the server sees them.
 */
export interface AdminUser {
  ban: SanctionEntry | null;
  deleted: boolean;
  email: string | null;
  last_message_at: string | null;
  message_count: number;
  silence: SanctionEntry | null;
  user: User;
}
/**
 * A silence or a ban, in force or not.
 */
export interface SanctionEntry {
  active: boolean;
  actor: User | null;
  id: string;
  kind: "silence" | "ban";
  lifted_at: string | null;
  reason: string;
  room_id: string | null;
  room_name: string | null;
  since: string;
  until: string | null;
  user: User;
}
/**
 * Who did what to whom.
 */
export interface AuditEntry {
  act:
    | "silence"
    | "lift_silence"
    | "ban"
    | "lift_ban"
    | "delete_message"
    | "remove_member"
    | "set_role"
    | "rename"
    | "set_topic"
    | "archive"
    | "unarchive"
    | "switch_on"
    | "switch_off"
    | "set_slow_mode"
    | "set_read_only"
    | "report"
    | "resolve_report"
    | "set_word_filter"
    | "set_retention"
    | "erase_user"
    | "delete_room"
    | "export_room"
    | "ban_from_room"
    | "lift_room_ban";
  acting_admin: User | null;
  actor: User | null;
  at: string;
  detail: {
    [k: string]: string | number | boolean | null;
  };
  id: string;
  message_id: string | null;
  reason: string;
  room_id: string | null;
  room_name: string | null;
  target: User | null;
}
export interface Closed {
  code: string;
  message: string;
  reason?: string | null;
  retry_after?: number | null;
  values?: {
    [k: string]: string | number;
  } | null;
}
export interface DatabaseFigures {
  engine: "sqlite" | "postgresql";
  milliseconds: number | null;
  separate: boolean;
}
export interface DayFigures {
  authors: number;
  date: string;
  messages: number;
}
export interface Empty {}
/**
 * A line of an export: a message, without what others did to it but for how many reacted.
 */
export interface ExportedMessage {
  acting_admin: ExportedUser | null;
  created_at: string;
  deleted: boolean;
  edited_at: string | null;
  id: string;
  pinned: boolean;
  reactions: {
    [k: string]: number;
  };
  reply_to: string | null;
  room_id: string;
  room_kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  room_name: string;
  seq: number;
  text: string;
  user: ExportedUser;
}
export interface ExportedUser {
  id: string;
  username: string | null;
}
/**
 * How the chat is, now, all its processes together.
 */
export interface Figures {
  bus: string;
  connections: number;
  database: DatabaseFigures;
  galaxy_version: string;
  messages_per_minute: number;
  online: number;
  queue: number;
  version: string;
  warnings: Warning[];
  workers: Worker[];
}
/**
 * Something that whoever looks after the server should know.
 */
export interface Warning {
  message: string;
  reason:
    | "chat_off"
    | "pending_migration"
    | "workers_without_bus"
    | "workers_not_heard"
    | "bus_silent"
    | "shared_sqlite"
    | "database_slow"
    | "queue_long";
  values: {
    [k: string]: string | number;
  };
}
/**
 * A process that serves the chat.
 */
export interface Worker {
  connections: number;
  is_this: boolean;
  name: string;
  queue: number;
  seen_at: string;
  started_at: string;
}
export interface FilterAttempt {
  lists?: FilterListUpdate[] | null;
  text: string;
}
export interface FilterListUpdate {
  action: "refuse" | "mask" | "report";
  patterns?: string[];
  words?: string[];
}
export interface FilterList {
  action: "refuse" | "mask" | "report";
  patterns: string[];
  words: string[];
}
/**
 * What would become of a text.
 */
export interface FilterOutcome {
  action: ("refuse" | "mask" | "report") | null;
  found: string[];
  text: string;
}
/**
 * A group or a role of Galaxy's.
 */
export interface GalaxyGroup {
  id: string;
  kind: "group" | "role";
  name: string;
  room_id: string | null;
}
export interface Invitation {
  /**
   * @maxItems 100
   */
  members?: string[];
  user_id?: string | null;
}
/**
 * Lengths are in characters (Unicode code points).
 */
export interface Limits {
  max_mentions: number;
  max_message_length: number;
  max_room_mention_members: number;
  max_room_name_length: number;
  max_topic_length: number;
  rates: {
    [k: string]: Rate[];
  };
}
export interface Rate {
  amount: number;
  seconds: number;
}
export interface Member {
  avatar_color: string;
  id: string;
  joined_at: string;
  role: "owner" | "moderator" | "member";
  status: "online" | "away" | "offline";
  username: string | null;
}
export interface MemberUpdate {
  role: "owner" | "moderator" | "member";
}
/**
 * One's own; what is left out stays as it is.
 */
export interface MembershipUpdate {
  muted_until?: string | null;
  notify?: ("all" | "mentions" | "nothing") | null;
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
  mentions_room: boolean;
  pinned: boolean;
  reactions: Reaction[];
  reply_to: string | null;
  room_id: string;
  seq: number;
  shares: Share[];
  text: string;
  user: User;
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
export interface MessageDelete {
  message_id: string;
  reason?: string;
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
export interface MessageReport {
  reason: string;
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
export interface Nothing {}
/**
 * Something that one should know of, and that is in no room.
 */
export interface Notice {
  level: "info" | "warning";
  reason: string;
  text: string;
  values: {
    [k: string]: string | number;
  };
}
export interface Preferences {
  enabled: boolean;
  language: ("en" | "de" | "es" | "fr" | "ja" | "zh") | null;
  notifications: boolean;
  presence: boolean;
  sound: boolean;
  typing: boolean;
}
/**
 * What is left out stays as it is.
 */
export interface PreferencesUpdate {
  enabled?: boolean | null;
  language?: ("en" | "de" | "es" | "fr" | "ja" | "zh") | null;
  notifications?: boolean | null;
  presence?: boolean | null;
  sound?: boolean | null;
  typing?: boolean | null;
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
export interface ReadPointer {
  backward?: boolean;
  seq: number;
}
export interface Ready {
  can_create_rooms: boolean;
  is_admin: boolean;
  limits: Limits;
  muted: User[];
  online: User[];
  preferences: Preferences;
  rooms: Room[];
  server: Server;
  silence: Silence | null;
  user: User;
}
/**
 * A room as one user sees it: names of conversations, and all from ``read_seq`` on, are the viewer's own.
 */
export interface Room {
  archived: boolean;
  can_invite: boolean;
  can_manage: boolean;
  can_moderate: boolean;
  can_post: boolean;
  head_seq: number;
  id: string;
  joined: boolean;
  kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  listed: boolean;
  member_count: number;
  mentions: number;
  muted_until: string | null;
  name: string;
  notify: "all" | "mentions" | "nothing";
  other: User | null;
  read_only: boolean;
  read_seq: number;
  role: ("owner" | "moderator" | "member") | null;
  slow_mode_seconds: number;
  topic: string;
  unread: number;
}
export interface Server {
  version: string;
}
/**
 * They may read, not write: by a moderator's word or, automatically, because they flooded a room.
 */
export interface Silence {
  automatic: boolean;
  reason: string;
  until: string | null;
}
/**
 * As whoever reported a message is told.
 */
export interface Report {
  created_at: string;
  id: string;
  message_id: string;
  reason: string;
}
/**
 * As moderators see a report.
 */
export interface ReportedMessage {
  context: Message[];
  created_at: string;
  id: string;
  message: Message;
  message_id: string;
  note: string;
  outcome: ("dismissed" | "acted") | null;
  reason: string;
  reporter: User | null;
  resolved_at: string | null;
  resolved_by: User | null;
  room_id: string;
  room_kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  room_name: string;
}
export interface Resolution {
  note?: string;
  outcome: "dismissed" | "acted";
}
export interface Retention {
  days: RetentionDays;
  erasure: "keep" | "remove";
  last_run: string | null;
}
/**
 * For how many days messages are kept, by kind of room; None: for ever.
 */
export interface RetentionDays {
  direct: number | null;
  group: number | null;
  lobby: number | null;
  persistent: number | null;
  private: number | null;
  public: number | null;
}
/**
 * By kind of room; what is left out stays as it is.
 */
export interface RetentionDaysUpdate {
  direct?: number | null;
  group?: number | null;
  lobby?: number | null;
  persistent?: number | null;
  private?: number | null;
  public?: number | null;
}
/**
 * What a purge would remove now.
 */
export interface RetentionPreview {
  by_kind: {
    [k: string]: number;
  };
  messages: number;
  people: number;
}
/**
 * What is left out stays as it is.
 */
export interface RetentionUpdate {
  days?: RetentionDaysUpdate;
  erasure?: ("keep" | "remove") | null;
}
/**
 * What a message once said.
 */
export interface Revision {
  replaced_at: string;
  text: string;
}
export interface RoomAck {
  room: Room;
}
export interface RoomCreate {
  group_id?: string | null;
  kind: "public" | "private" | "direct" | "group" | "persistent";
  /**
   * @maxItems 100
   */
  members?: string[];
  name?: string | null;
  role_id?: string | null;
  topic?: string;
}
export interface RoomEvent {
  message: Message;
  seq: number;
  type: "message.created" | "message.updated" | "message.deleted";
}
export interface RoomEvents {
  after_seq: number;
  events: RoomEvent[];
  head_seq: number;
  room_id: string;
}
export interface RoomFigures {
  id: string | null;
  kind: "lobby" | "persistent" | "public" | "private" | "direct" | "group";
  messages: number;
  name: string;
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
  backward?: boolean;
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
export interface RoomTyping {
  room_id: string;
  user: User;
}
/**
 * What is left out stays as it is.
 */
export interface RoomUpdate {
  archived?: boolean | null;
  name?: string | null;
  read_only?: boolean | null;
  slow_mode_seconds?: number | null;
  topic?: string | null;
}
export interface RoomUpdated {
  room: Room;
}
/**
 * A silence or a ban.
 */
export interface Sanction {
  reason?: string;
  until?: string | null;
}
export interface SilenceUpdated {
  silence: Silence | null;
}
export interface Socket {
  namespace: string;
  path: string;
  transports: ("websocket" | "polling")[];
  url: string | null;
}
export interface Statistics {
  days: DayFigures[];
  rooms: RoomFigures[];
}
export interface Status {
  available: boolean;
  enabled: boolean;
  is_admin: boolean;
  language: ("en" | "de" | "es" | "fr" | "ja" | "zh") | null;
  mentions: number;
  socket: Socket;
  unread: number;
  user_enabled: boolean;
  version: string;
  warnings: ("workers_without_bus" | "workers_not_heard")[];
}
export interface StatusUpdate {
  enabled: boolean;
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
export interface WordFilter {
  lists: FilterList[];
}
/**
 * A list that is left out is empty.
 */
export interface WordFilterUpdate {
  lists: FilterListUpdate[];
}
