/** New messages, told one by one while they are few and by their number when they are many. */
import type { Message } from "../api/wire";

/** Milliseconds: what comes within the same while is told together. In a busy room the while grows. */
export const SHORTEST = 2_500;
export const LONGEST = 20_000;

export interface MessageNews {
  heard(messages: Message[]): void;
  /** Keeps what comes to itself until there is somebody to tell it to, and tells it as one. */
  hold(isHeld: boolean): void;
  /** What is not told yet never will be. */
  forget(): void;
}

/** @param tell is given what came since the last time: one message, or several. */
export function collectNews(tell: (messages: Message[]) => void): MessageNews {
  let waiting: Message[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gap = SHORTEST;
  let held = false;

  /** The first one is told at once, and whoever follows it closely waits. */
  function next(): void {
    timer = undefined;
    if (held) return;
    if (waiting.length === 0) {
      gap = SHORTEST;
      return;
    }
    const told = waiting;
    waiting = [];
    tell(told);
    timer = setTimeout(next, gap);
    gap = Math.min(LONGEST, gap * (told.length > 1 ? 2 : 1));
  }

  return {
    heard(messages) {
      waiting.push(...messages);
      if (timer === undefined && waiting.length > 0) next();
    },
    hold(isHeld) {
      held = isHeld;
      if (!held && timer === undefined) next();
    },
    forget() {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
      gap = SHORTEST;
    },
  };
}
