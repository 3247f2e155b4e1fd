/** The rooms that stand as tabs above the open one, in the order in which one opened them in this browser tab. */
import type { RoomEntry } from "./rooms";
import { rememberedTabs } from "./session";
import type { ChatState } from "./state";

export function openRooms({ openIds, rooms }: ChatState): RoomEntry[] {
  return openIds.map((id) => rooms.get(id)).filter((entry) => entry !== undefined);
}

/** @param show goes to a room. */
export function createOpenRooms(state: ChatState, show: (entry: RoomEntry) => void) {
  function put(ids: string[]): void {
    state.openIds = ids;
    rememberedTabs.set(ids);
  }

  /** @returns the room that takes its place: the one behind it, else the one before. */
  function drop(roomId: string): RoomEntry | null {
    const place = state.openIds.indexOf(roomId);
    if (place < 0) return null;
    put(state.openIds.filter((id) => id !== roomId));
    const open = openRooms(state);
    return open[place] ?? open.at(-1) ?? null;
  }

  return {
    /** The tabs of those rooms that are still there; at first those that the browser tab remembers. */
    restore(): void {
      const ids = state.openIds.length > 0 ? state.openIds : rememberedTabs.get();
      put([...new Set(ids)].filter((id) => state.rooms.has(id)));
    },

    add({ room }: RoomEntry): void {
      if (!state.openIds.includes(room.id)) put([...state.openIds, room.id]);
    },

    drop,

    actions: {
      /** One stays in the room. The last tab stays, too: there is always a room to look at. */
      closeTab({ room }: RoomEntry): void {
        if (openRooms(state).length < 2) return;
        const next = drop(room.id);
        if (state.currentId === room.id && next) show(next);
      },

      closeOtherTabs(entry: RoomEntry): void {
        put([entry.room.id]);
        show(entry);
      },
    },
  };
}
