/** Brings a room's log up to date: the newest page when it is opened, older ones on request, `sync` after a gap. */
import { persist, type Sleep } from "../api/backoff";
import type { Connection } from "../api/connection";
import type { Rest } from "../api/rest";
import type { RoomEvent } from "../api/wire";
import { createExcursions, PAGE, type Excursions } from "./excursions";
import { applyNewestPage, applyOlderPage, applySynced, hasHole, startSync } from "./log";
import { putRoom, type RoomEntry, type Rooms } from "./rooms";

/** So often is a page asked for before the user is told; a sync goes on as long as its connection. */
const ATTEMPTS = 4;

export interface History extends Pick<Excursions, "around" | "newer"> {
  /** Reads the newest page of a room that has none yet. */
  open(entry: RoomEntry): Promise<void>;
  /** The page before what one looks at. */
  older(entry: RoomEntry): Promise<void>;
  sync(entries: RoomEntry[]): Promise<void>;
}

/** @param applied hears what a `sync` brought, just as it hears of live events. */
export function createHistory(
  rest: Rest,
  rooms: Rooms,
  request: Connection["request"],
  applied: (entry: RoomEntry, events: RoomEvent[]) => void,
  sleep?: Sleep,
): History {
  const syncing = new Set<string>();
  const excursions = createExcursions(rest, open, sleep);

  async function open(entry: RoomEntry): Promise<void> {
    const { log, room } = entry;
    if (log.state === "loading" || log.state === "loaded") return;
    log.state = "loading";
    const { generation } = log;
    try {
      const page = await persist(() => rest.messages(room.id, { limit: PAGE }), ATTEMPTS, sleep);
      if (log.generation === generation) return applyNewestPage(log, page, PAGE);
    } catch {
      log.state = "failed";
      return;
    }
    log.state = "unloaded";
    await open(entry);
  }

  async function older(entry: RoomEntry): Promise<void> {
    const { log, room } = entry;
    if (log.context) return excursions.older(entry);
    const before = log.messages[0]?.seq;
    if (log.state !== "loaded" || !log.hasOlder || log.loadingOlder || before === undefined) return;
    log.loadingOlder = true;
    const { generation } = log;
    try {
      const page = await rest.messages(room.id, { before, limit: PAGE });
      if (log.generation === generation) applyOlderPage(log, page, PAGE);
    } finally {
      log.loadingOlder = false;
    }
  }

  /** One request for all that need it; what falls into a hole meanwhile starts the next one. */
  async function sync(entries: RoomEntry[]): Promise<void> {
    const due = entries.filter(({ room }) => !syncing.has(room.id));
    if (due.length === 0) return;
    for (const { room } of due) syncing.add(room.id);
    try {
      let from: Record<string, number> = {};
      const ask = () => {
        from = Object.fromEntries(due.map(({ room, log }) => [room.id, startSync(log)]));
        return request("sync", { rooms: from });
      };
      const { rooms: answers } = await persist(ask, Infinity, sleep);
      for (const entry of due) {
        const answer = answers[entry.room.id];
        if (!answer) continue;
        applied(entry, applySynced(entry.log, answer, from[entry.room.id] ?? entry.log.applied));
        if (!answer.recovered) void refresh(entry);
        void excursions.freshen(entry);
      }
    } finally {
      for (const { room } of due) syncing.delete(room.id);
    }
    await sync(due.filter(({ log }) => hasHole(log)));
  }

  /** How much is new beyond the page that `sync` gave, only the server can say. */
  async function refresh(entry: RoomEntry): Promise<void> {
    const room = await rest.room(entry.room.id).catch(() => null);
    if (room) putRoom(rooms, room);
  }

  return { open, older, sync, around: excursions.around, newer: excursions.newer };
}
