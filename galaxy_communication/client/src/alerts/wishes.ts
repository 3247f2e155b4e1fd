/** Whether the user wants notifications of this browser, and a tone. */
import { computed, ref, watch } from "vue";

import type { People } from "../stores/people";

export type Wishes = ReturnType<typeof createWishes>;

/**
 * The first is this browser's to remember, for each user. The second is kept by the server, which tells it to a tab only at
 * first: so it is here as well, for the other tabs to hear of. Without storage a wish lasts as long as its tab.
 *
 * @param root Galaxy's root: several Galaxies may share an origin.
 * @param userId null as long as it is not known.
 */
export function createWishes(root: string, people: People, userId: () => string | null) {
  const desktop = ref(false);
  const sound = computed(() => people.state.preferences.sound);
  const key = (wish: string): string => `galaxy-communication-${wish} ${root} ${userId()}`;

  function heard({ key: changed, newValue }: StorageEvent): void {
    if (changed === key("desktop")) desktop.value = newValue === "1";
    else if (changed === key("sound")) people.state.preferences = { ...people.state.preferences, sound: newValue === "1" };
  }

  window.addEventListener("storage", heard);
  const stops = [
    watch(userId, (known) => (desktop.value = known !== null && read(key("desktop"))), { immediate: true }),
    watch([userId, sound], ([known, on]) => known !== null && write(key("sound"), on)),
  ];

  return {
    desktop,
    sound,
    isKnown: computed(() => userId() !== null),
    setDesktop(on: boolean): void {
      desktop.value = on;
      write(key("desktop"), on);
    },
    stop(): void {
      window.removeEventListener("storage", heard);
      for (const stop of stops) stop();
    },
  };
}

function read(key: string): boolean {
  try {
    return localStorage.getItem(key) === "1";
  } catch {
    return false;
  }
}

/** Who never wanted it leaves no trace. */
function write(key: string, on: boolean): void {
  try {
    if (on || localStorage.getItem(key) !== null) localStorage.setItem(key, on ? "1" : "0");
  } catch {
    // Private mode, or no room.
  }
}
