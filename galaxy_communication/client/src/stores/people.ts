/** Who is there, who is writing, and whom one does not want to hear. */
import { reactive } from "vue";

import type { Message, Preferences, PresenceChange, PresenceChanges, Ready, RoomTyping, User } from "../api/wire";

export type People = ReturnType<typeof createPeople>;
export type PresenceStatus = PresenceChange["status"];

/** Milliseconds for which somebody counts as writing after a sign of it. */
const TYPING_LASTS = 5_000;

interface Writing {
  user: User;
  timer: ReturnType<typeof setTimeout>;
}

export function createPeople() {
  const state = reactive({
    /** By user id; who is not in it is offline, or does not tell. */
    status: new Map<string, PresenceStatus>(),
    muted: new Map<string, User>(),
    canCreateRooms: false,
    preferences: { enabled: true, presence: true, typing: true, notifications: true, sound: false, language: null } as Preferences,
  });
  /** By room id, then by user id, in the order in which they began. */
  const writing = reactive(new Map<string, Map<string, Writing>>());
  let myId: string | null = null;

  function begin(ready: Ready): void {
    myId = ready.user.id;
    state.status = new Map(ready.online.map(({ id }) => [id, "online"]));
    state.canCreateRooms = ready.can_create_rooms;
    setWays(ready.preferences, ready.muted);
    stopWriting();
  }

  function setWays(preferences: Preferences, muted: User[]): void {
    state.preferences = preferences;
    state.muted = new Map(muted.map((user) => [user.id, user]));
  }

  function presence({ changes }: PresenceChanges): void {
    for (const { user, status } of changes) setStatus(user.id, status);
  }

  function setStatus(userId: string, status: PresenceStatus): void {
    if (status === "offline") state.status.delete(userId);
    else state.status.set(userId, status);
  }

  function setMuted(user: User, on: boolean): void {
    if (on) state.muted.set(user.id, user);
    else state.muted.delete(user.id);
  }

  function typing({ room_id: roomId, user }: RoomTyping): void {
    if (user.id === myId) return;
    if (!writing.has(roomId)) writing.set(roomId, new Map());
    const inRoom = writing.get(roomId);
    clearTimeout(inRoom?.get(user.id)?.timer);
    inRoom?.set(user.id, { user, timer: setTimeout(() => wrote(roomId, user.id), TYPING_LASTS) });
  }

  /** What they were writing is there, or they gave it up. */
  function wrote(roomId: string, userId: string): void {
    const inRoom = writing.get(roomId);
    clearTimeout(inRoom?.get(userId)?.timer);
    inRoom?.delete(userId);
  }

  function stopWriting(): void {
    for (const inRoom of writing.values()) for (const { timer } of inRoom.values()) clearTimeout(timer);
    writing.clear();
  }

  return {
    state,
    begin,
    setWays,
    presence,
    setStatus,
    setMuted,
    typing,
    stopWriting,
    statusOf: (userId: string): PresenceStatus => state.status.get(userId) ?? "offline",

    /** New messages came. */
    heard(messages: Message[]): void {
      for (const message of messages) if (message.seq === message.changed_seq) wrote(message.room_id, message.user.id);
    },

    /** Who is writing in a room, of those whom one hears. */
    writing(roomId: string): User[] {
      const users = [...(writing.get(roomId)?.values() ?? [])].map(({ user }) => user);
      return users.filter(({ id }) => !state.muted.has(id));
    },
  };
}
