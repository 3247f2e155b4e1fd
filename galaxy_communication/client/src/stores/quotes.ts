/** Messages that others answer and that are not in the room's log: fetched once, and kept as they change. */
import { markRaw, reactive } from "vue";

import { persist, type Sleep } from "../api/backoff";
import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import type { Message } from "../api/wire";

export interface Quote {
  /** Null while it is fetched, and where there is none to be had. */
  message: Message | null;
  gone: boolean;
  /** Of the log at the time: what a replaced log has not told, nobody has. */
  generation: number;
}

export type Quotes = ReturnType<typeof createQuotes>;

/** So often is a message asked for before it counts as not to be had. */
const ATTEMPTS = 4;
/** Older than every log: it is asked for again by the next one who wants it. */
const NEVER = -1;

export function createQuotes(rest: Pick<Rest, "message">, sleep?: Sleep) {
  const known = reactive(new Map<string, Quote>());

  async function fetch(id: string, generation: number): Promise<void> {
    const before = known.get(id)?.message ?? null;
    known.set(id, { message: before, gone: false, generation });
    let quote: Quote;
    try {
      quote = { message: markRaw(await persist(() => rest.message(id), ATTEMPTS, sleep)), gone: false, generation };
    } catch (error) {
      const isFinal = error instanceof ChatError && ["not_found", "forbidden"].includes(error.code);
      quote = { message: isFinal ? null : before, gone: true, generation: isFinal ? generation : NEVER };
    }
    const meanwhile = known.get(id)?.message;
    if (meanwhile && quote.message && meanwhile.changed_seq > quote.message.changed_seq) return;
    known.set(id, quote);
  }

  return {
    get: (id: string): Quote | undefined => known.get(id),

    /** Fetches what is not known, or was known before the log was replaced. At once only once, whoever else wants it. */
    want(id: string, generation: number): void {
      const quote = known.get(id);
      if (!quote || quote.generation < generation) void fetch(id, generation);
    },

    heard(messages: Message[]): void {
      for (const message of messages) {
        const quote = known.get(message.id);
        if (!quote || (quote.message && quote.message.changed_seq >= message.changed_seq)) continue;
        known.set(message.id, { ...quote, message: markRaw(message), gone: false });
      }
    },
  };
}
