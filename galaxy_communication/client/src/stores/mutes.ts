/** A room that is muted until some moment is heard again when that has come, also without a word of the server. */
import { watch } from "vue";

import type { Rooms } from "./rooms";

/** Browsers take no longer delay, in milliseconds. */
const LONGEST_DELAY = 2 ** 31 - 1;
/** Muted until one wants to hear it again: this moment does not come. */
export const FOR_GOOD = "9999-12-31T00:00:00Z";

export function isForGood(mutedUntil: string): boolean {
  return Date.parse(mutedUntil) >= Date.parse(FOR_GOOD);
}

/** @returns what ends it. */
export function endMutes(rooms: Rooms): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  function soonest(): number {
    return Math.min(...[...rooms.values()].map(({ room }) => (room.muted_until ? Date.parse(room.muted_until) : Infinity)));
  }

  function wait(): void {
    clearTimeout(timer);
    const moment = soonest();
    if (moment === Infinity) return;
    timer = setTimeout(end, Math.min(Math.max(0, moment - Date.now()), LONGEST_DELAY));
  }

  function end(): void {
    for (const entry of rooms.values()) {
      const { muted_until: until } = entry.room;
      if (until && Date.parse(until) <= Date.now()) entry.room = { ...entry.room, muted_until: null };
    }
    wait();
  }

  const stop = watch(soonest, wait, { immediate: true });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
