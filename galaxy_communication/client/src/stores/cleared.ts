/** A view that the user has cleared: nothing is forgotten, and what is out of sight comes back on request. */
import type { RoomLog } from "./log";
import type { RoomEntry } from "./rooms";
import { findPlace } from "./window";

/** Before the page has come that is asked for when a room opens, there is nothing to be cleared. */
export function clear(entry: RoomEntry): void {
  const { log, visit } = entry;
  const last = log.messages.at(-1);
  if (log.state !== "loaded" || !last) return;
  entry.clearedTo = Math.max(log.applied, last.seq);
  entry.notices = [];
  visit.newFrom = null;
}

/** What the list of a room shows. Above a cleared view there is nothing that would be fetched by itself. */
export function inSight({ log, clearedTo }: RoomEntry): Pick<RoomLog, "messages" | "hasOlder"> {
  if (log.context) return log.context;
  if (clearedTo === null) return log;
  return { messages: log.messages.slice(findPlace(log.messages, clearedTo + 1)), hasOlder: false };
}
