/** Who is there, who is writing, and whom one does not want to hear. */
import { reactive } from "vue";

import type { Preferences, PresenceChange, PresenceChanges, Ready, RoomTyping, User } from "../api/wire";

export type People = ReturnType<typeof createPeople>;

export function createPeople() {
  const state = reactive({
    /** By user id; who is not in it is offline, or does not tell. */
    status: new Map<string, PresenceChange["status"]>(),
    muted: new Map<string, User>(),
    canCreateRooms: false,
    preferences: { enabled: true, presence: true, typing: true, notifications: true } as Preferences,
  });

  function begin(ready: Ready): void {
    state.status = new Map(ready.online.map(({ id }) => [id, "online"]));
    state.muted = new Map(ready.muted.map((user) => [user.id, user]));
    state.canCreateRooms = ready.can_create_rooms;
    state.preferences = ready.preferences;
  }

  function presence({ changes }: PresenceChanges): void {
    for (const { user, status } of changes) {
      if (status === "offline") state.status.delete(user.id);
      else state.status.set(user.id, status);
    }
  }

  function typing(typing: RoomTyping): void {
    void typing;
    // shown by what is to come
  }

  return { state, begin, presence, typing };
}
