import type { Ref } from "vue";

import { inSections } from "../stores/rooms";
import { currentRoom } from "../stores/state";
import { moveToRegion } from "./regions";
import type { PanelAction } from "./shortcuts";
import { useChat } from "./useChat";

/** What the keys of the whole panel do; each says whether there was something to do. */
export function usePanelActions(
  panel: Ref<HTMLElement | null>,
  showShortcuts: () => void,
): Record<PanelAction, () => boolean> {
  const { chat, focusComposer } = useChat();
  const { state } = chat;

  function goToRoom(step: 1 | -1): boolean {
    const { direct, joined } = inSections(state.rooms);
    const rooms = [...direct, ...joined];
    const next = rooms.at((rooms.findIndex(({ room }) => room.id === state.currentId) + step) % rooms.length);
    if (!state.ready || !next) return false;
    chat.show(next);
    focusComposer();
    return true;
  }

  function goToRegion(step: 1 | -1): boolean {
    if (panel.value) moveToRegion(panel.value, step);
    return true;
  }

  return {
    showShortcuts() {
      showShortcuts();
      return true;
    },
    search() {
      if (state.ready) chat.openSearch();
      return state.ready;
    },
    nextRegion: () => goToRegion(1),
    previousRegion: () => goToRegion(-1),
    nextRoom: () => goToRoom(1),
    previousRoom: () => goToRoom(-1),
    clear() {
      const entry = currentRoom(state);
      if (!state.ready || !entry || chat.search.covers.value) return false;
      chat.clearView(entry);
      focusComposer(); // what had the focus may be gone
      return true;
    },
  };
}
