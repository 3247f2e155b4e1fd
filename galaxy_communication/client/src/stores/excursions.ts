/** Fetches what one looks at far below a room's log, and keeps it as the server has it. */
import { persist, type Sleep } from "../api/backoff";
import type { Page, Rest } from "../api/rest";
import type { Message } from "../api/wire";
import { edge, extendContext, joinContext, openContext, type Side } from "./context";
import type { RoomLog } from "./log";
import type { RoomEntry } from "./rooms";
import { update } from "./window";

export const PAGE = 50;
const LARGEST_PAGE = 200;
const ATTEMPTS = 4;

export type Excursions = ReturnType<typeof createExcursions>;

/** @param open reads the newest page of a room that has none yet. */
export function createExcursions(
  rest: Pick<Rest, "messages">,
  open: (entry: RoomEntry) => Promise<void>,
  sleep?: Sleep,
) {
  /** What is heard while the page is on its way is kept: it may hold earlier versions. */
  async function fetch({ log, room }: RoomEntry, page: Omit<Page, "limit">, apply: (page: Message[]) => void): Promise<void> {
    log.fetching += 1;
    try {
      apply(await persist(() => rest.messages(room.id, { ...page, limit: PAGE }), ATTEMPTS, sleep));
    } finally {
      log.fetching -= 1;
      if (log.fetching === 0) log.heard = [];
    }
  }

  /**
   * Brings the message with this number, or what is where it would be, with its neighbours: in the log where it is there,
   * else in a context.
   *
   * @param arrived is called at the moment when it is there, unless another jump came after this one.
   */
  async function around(entry: RoomEntry, seq: number, arrived: () => void = () => undefined): Promise<void> {
    const { log } = entry;
    const jump = ++log.jumps;
    void open(entry);
    if (isInLog(log, seq)) log.context = null;
    if (isInLog(log, seq) || isInContext(log, seq)) return arrived();
    for (let isThere = false; !isThere && log.jumps === jump; ) {
      const { generation } = log;
      await fetch(entry, { around: seq }, (page) => {
        isThere = log.generation === generation;
        if (!isThere || log.jumps !== jump) return;
        openContext(log, page, PAGE);
        arrived();
      });
    }
  }

  async function extend(entry: RoomEntry, side: Side): Promise<void> {
    const { log } = entry;
    const { context, generation } = log;
    if (!context || context.loading || (side === "older" && !context.hasOlder)) return;
    const bound = edge(context, side);
    if (bound === undefined) return;
    if (log.state === "failed") void open(entry); // it is what newer pages lead to
    context.loading = side;
    try {
      await fetch(entry, side === "older" ? { before: bound } : { after: bound }, (page) => {
        if (log.generation === generation) extendContext(log, page, PAGE, side, bound);
      });
    } finally {
      context.loading = null;
    }
  }

  /** Reads all of a context again about which a gap said nothing. Where it fails, the next `sync` comes here again. */
  async function freshen({ log, room }: RoomEntry): Promise<void> {
    const { context, generation } = log;
    if (!context?.isStale) return;
    const isDue = (): boolean => log.context === context && log.generation === generation;
    let after = (edge(context, "older") ?? 0) - 1;
    while (isDue() && after < (edge(context, "newer") ?? -1)) {
      const page = await persist(() => rest.messages(room.id, { after, limit: LARGEST_PAGE }), ATTEMPTS, sleep).catch(() => []);
      if (page.length === 0) return;
      if (isDue()) for (const message of page) update(context.messages, message);
      after = Math.max(...page.map(({ seq }) => seq));
    }
    if (!isDue()) return;
    context.isStale = false;
    joinContext(log);
  }

  return {
    around,
    freshen,
    older: (entry: RoomEntry) => extend(entry, "older"),
    newer: (entry: RoomEntry) => extend(entry, "newer"),
  };
}

function isInLog(log: RoomLog, seq: number): boolean {
  return log.state === "loaded" && (!log.hasOlder || (log.messages[0]?.seq ?? Infinity) <= seq);
}

function isInContext({ context }: RoomLog, seq: number): boolean {
  if (!context) return false;
  const isAboveStart = !context.hasOlder || (edge(context, "older") ?? Infinity) <= seq;
  return isAboveStart && seq <= (edge(context, "newer") ?? -Infinity);
}
