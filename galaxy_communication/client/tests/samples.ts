/** Wire objects for tests, complete, with the parts that matter given. */
import type { Draft } from "../src/stores/outbox";
import type { Message, Ready, Room, RoomEvent, RoomEvents, Status, User } from "../src/api/wire";

export const alice: User = { id: "a1", username: "alice", avatar_color: "#8a4b1f" };
export const bob: User = { id: "b2", username: "bob", avatar_color: "#6b5b12" };

export function message(seq: number, parts: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    room_id: "r1",
    seq,
    changed_seq: seq,
    user: bob,
    text: `text ${seq}`,
    created_at: new Date(Date.UTC(2026, 0, 15, 10, 0, seq)).toISOString(),
    edited_at: null,
    deleted: false,
    reply_to: null,
    mentions: [],
    reactions: [],
    shares: [],
    client_id: `c${seq}`,
    acting_admin: null,
    mentions_room: false,
    pinned: false,
    ...parts,
  };
}

export function created(seq: number, parts: Partial<Message> = {}): RoomEvent {
  return { seq, type: "message.created", message: message(seq, parts) };
}

/** Changes without a hole between them, as the server sends them. */
export function frame(...events: RoomEvent[]): Omit<RoomEvents, "room_id"> {
  return { events, after_seq: (events[0]?.seq ?? 1) - 1, head_seq: events.at(-1)?.seq ?? 0 };
}

/** The change number `seq` of the message that was created as number `of`. */
export function updated(seq: number, of: number, parts: Partial<Message> = {}): RoomEvent {
  const changed = message(of, { changed_seq: seq, text: `text ${of}, changed by ${seq}`, ...parts });
  return { seq, type: changed.deleted ? "message.deleted" : "message.updated", message: changed };
}

export function room(parts: Partial<Room> = {}): Room {
  return {
    id: "r1",
    name: "All Chats",
    topic: "",
    kind: "lobby",
    listed: true,
    joined: true,
    member_count: 2,
    head_seq: 0,
    read_seq: 0,
    unread: 0,
    mentions: 0,
    notify: "all",
    archived: false,
    slow_mode_seconds: 0,
    read_only: false,
    can_post: true,
    can_moderate: false,
    muted_until: null,
    role: "member",
    other: null,
    can_invite: true,
    can_manage: false,
    ...parts,
  };
}

export function ready(rooms: Room[], parts: Partial<Ready> = {}): Ready {
  return {
    user: alice,
    is_admin: false,
    rooms,
    online: [alice],
    limits: {
      max_message_length: 100,
      max_room_name_length: 255,
      max_topic_length: 1000,
      max_mentions: 5,
      max_room_mention_members: 50,
      rates: {},
    },
    server: { version: "0" },
    can_create_rooms: true,
    muted: [],
    preferences: { enabled: true, presence: true, typing: true, notifications: true, sound: false, language: null },
    silence: null,
    ...parts,
  };
}

export function draft(clientId: string, parts: Partial<Draft> = {}): Draft {
  return {
    clientId,
    userId: alice.id,
    roomId: "r1",
    roomName: "All Chats",
    text: clientId,
    writtenAt: Date.now(),
    failure: null,
    ...parts,
  };
}

export function status(parts: Partial<Status> = {}): Status {
  return {
    enabled: true,
    user_enabled: true,
    available: true,
    is_admin: false,
    version: "0",
    socket: { path: "/communication/socket.io", namespace: "/chat", url: null, transports: ["websocket"] },
    unread: 0,
    mentions: 0,
    language: null,
    warnings: [],
    ...parts,
  };
}
