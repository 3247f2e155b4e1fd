/**
 * Several tabs of one browser hear of the same news; one of them may tell the user. Each says over a channel what it would
 * tell, and how well it could; after a moment the best one does, if nobody has meanwhile. A frozen tab takes no part, a
 * tab that comes late finds it settled, and each tab may have a connection of its own.
 */

/** Milliseconds: the other tabs hear the same news within this. */
export const MOMENT = 150;
/** Milliseconds between two times that the user is disturbed: what comes meanwhile is told together. */
export const REST = 2_000;
/** So many settled keys are remembered: far more than come while a tab is late. */
const MEMORY = 2_000;

interface Bid {
  tab: string;
  /** How well it could tell. */
  rank: number;
}

type Said = { kind: "bid"; keys: string[]; bid: Bid } | { kind: "settled"; keys: string[]; isTold: boolean };

/** A `BroadcastChannel`, which every page has, unlike Web Locks. */
export type Channel = Pick<BroadcastChannel, "postMessage" | "addEventListener" | "close">;

/** @param tell tells what this tab has won; false if nothing of it was worth it any more. */
export function createContest<News>(channel: Channel | null, tell: (won: News[]) => boolean) {
  const tab = Math.random().toString(36).slice(2);
  const bids = new Map<string, Bid[]>();
  const settled = new Set<string>();
  const mine = new Map<string, News>();
  let lastTold = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;

  channel?.addEventListener("message", ({ data }: MessageEvent<Said>) => {
    if (data.kind === "bid") note(data.keys, data.bid);
    else close(data.keys, data.isTold);
  });

  function note(keys: string[], bid: Bid): void {
    for (const key of keys) if (!settled.has(key)) bids.set(key, [...(bids.get(key) ?? []), bid]);
  }

  function close(keys: string[], isTold: boolean): void {
    if (isTold) lastTold = Date.now();
    for (const key of keys) {
      settled.add(key);
      bids.delete(key);
    }
    for (const key of settled) {
      if (settled.size <= MEMORY) break;
      settled.delete(key);
    }
  }

  function settle(keys: string[], isTold = false): void {
    close(keys, isTold);
    channel?.postMessage({ kind: "settled", keys, isTold } satisfies Said);
  }

  function decide(): void {
    timer = undefined;
    const won = [...mine].filter(([key]) => !settled.has(key) && best(bids.get(key) ?? [])?.tab === tab);
    for (const key of mine.keys()) bids.delete(key);
    mine.clear();
    if (won.length > 0) settle(won.map(([key]) => key), tell(won.map(([, news]) => news)));
  }

  return {
    /**
     * @param news by a key that is the same in all tabs.
     * @param rank how well this tab could tell of it now.
     */
    enter(news: Map<string, News>, rank: number): void {
      const keys = [...news.keys()].filter((key) => !settled.has(key) && !mine.has(key));
      if (keys.length === 0) return;
      for (const key of keys) mine.set(key, news.get(key) as News);
      const bid = { tab, rank };
      note(keys, bid);
      channel?.postMessage({ kind: "bid", keys, bid } satisfies Said);
      timer ??= setTimeout(decide, Math.max(MOMENT, lastTold + REST - Date.now()));
    },

    /** Nobody needs to be told: the user sees it. */
    settle: (keys: string[]): void => settle(keys),

    stop(): void {
      clearTimeout(timer);
      channel?.close();
    },
  };
}

function best(bids: Bid[]): Bid | undefined {
  return [...bids].sort((a, b) => b.rank - a.rank || a.tab.localeCompare(b.tab))[0];
}
