import { ChatError } from "./errors";

const BASE = 1_000;
const CAP = 30_000;

/**
 * Milliseconds to wait before attempt number `attempt` (0 is the first). Full jitter: when a server comes back, thousands
 * of clients spread over the whole interval. (socket.io's own back-off piles up at its maximum, so it is switched off.)
 */
export function fullJitter(attempt: number, random: () => number = Math.random): number {
  return random() * Math.min(CAP, BASE * 2 ** Math.min(attempt, 16));
}

export type Sleep = (milliseconds: number) => Promise<void>;

const sleepReally: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What the server may do when it is asked again. All else only somebody else can change, or the next connection. */
const PASSING = new Set(["overloaded", "rate_limited", "timeout", "unavailable"]);

export function isPassing(error: ChatError): boolean {
  return PASSING.has(error.code);
}

/** Tries until it works, `attempts` are used up, or an error comes that will not pass; that error is thrown. */
export async function persist<T>(action: () => Promise<T>, attempts: number, sleep: Sleep = sleepReally): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ChatError) || !isPassing(error) || attempt + 1 >= attempts) throw error;
      await sleep((error.retryAfter ?? 0) * 1000 + fullJitter(attempt));
    }
  }
}
