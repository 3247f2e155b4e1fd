/** What screen readers say of what happens: one voice for the whole chat, politely, and never faster than one can listen. */
import { inject, reactive, type InjectionKey } from "vue";

/** Milliseconds between two texts: the next one would replace what is being said. */
const PAUSE = 1_000;
/** More does not wait: what is old is not worth hearing. */
const MOST_WAITING = 3;

export interface Announcer {
  /** What is said now; the number tells a text from the same one said again. */
  said: { text: string; number: number };
  say(text: string): void;
  stop(): void;
}

export const announcerKey: InjectionKey<Announcer> = Symbol("announcer");

export function createAnnouncer(): Announcer {
  const said = reactive({ text: "", number: 0 });
  const waiting: string[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function next(): void {
    const text = waiting.shift();
    timer = text === undefined ? undefined : setTimeout(next, PAUSE);
    if (text !== undefined) Object.assign(said, { text, number: said.number + 1 });
  }

  return {
    said,
    say(text) {
      waiting.push(text);
      waiting.splice(0, waiting.length - MOST_WAITING);
      if (timer === undefined) next();
    },
    stop: () => clearTimeout(timer),
  };
}

/** Outside of the chat's panel, nobody listens. */
export function useAnnouncer(): Pick<Announcer, "say"> {
  return inject<Pick<Announcer, "say">>(announcerKey, { say: () => undefined });
}
