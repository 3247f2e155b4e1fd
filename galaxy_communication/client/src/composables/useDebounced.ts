import { onBeforeUnmount } from "vue";

/** Milliseconds without a key before the server is asked. */
const PAUSE = 150;

/** Asks once somebody stops typing; of several answers only that to the last question counts. */
export function useDebounced<T>(ask: (query: string) => Promise<T>, answered: (answer: T) => void, failed: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  async function now(query: string): Promise<void> {
    clearTimeout(timer);
    const question = ++asked;
    try {
      const answer = await ask(query);
      if (question === asked) answered(answer);
    } catch {
      if (question === asked) failed();
    }
  }

  function soon(query: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => void now(query), PAUSE);
  }

  function stop(): void {
    clearTimeout(timer);
    asked += 1;
  }

  onBeforeUnmount(stop);
  return { now, soon, stop };
}
