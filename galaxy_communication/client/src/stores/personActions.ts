/** What one does with people, and how one wants the chat oneself. */
import type { PreferencesUpdate, User } from "../api/wire";
import type { ChatParts } from "./chat";

export function createPersonActions({ state, people, rest, attempt, told }: ChatParts) {
  /** What is new does not count a muted person's messages: the server counts again. */
  async function recount(): Promise<void> {
    if (!state.ready) return;
    for (const room of await rest.rooms({ limit: 1 })) if (room.joined) told(room);
  }

  /** Throws. */
  async function setMuted(user: User, on: boolean): Promise<void> {
    await rest.mutePerson(user.id, on);
    people.setMuted(user, on);
    await recount();
  }

  return {
    setMuted,
    mutePerson: (user: User, on: boolean) => attempt(() => setMuted(user, on)),
    /** Whom one can address, by the beginning of their public name. */
    findPeople: (query: string) => rest.users(query),

    /** Throws. Asks anew, as another tab may have changed it; works offline. */
    async loadPreferences(): Promise<void> {
      people.setWays(...(await Promise.all([rest.preferences(), rest.mutes()])));
    },

    /** Throws. */
    async setPreferences(wanted: PreferencesUpdate): Promise<void> {
      people.state.preferences = await rest.setPreferences(wanted);
    },
  };
}
