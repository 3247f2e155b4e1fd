/** Tells the others when nobody sits at this tab: not so while there are keys, clicks and movements. */
import type { PresenceSet } from "../api/wire";

/** Milliseconds without a sign of life. */
export const PATIENCE = 5 * 60_000;

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel"];
const OPTIONS = { capture: true, passive: true };

export type Away = ReturnType<typeof createAway>;

export function createAway(tell: (status: PresenceSet["status"]) => void) {
  let isAway = false;
  let seen = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** So much happens that setting the timer anew each time would be a waste. */
  function check(): void {
    const left = seen + PATIENCE - Date.now();
    if (left > 0) {
      timer = setTimeout(check, left);
      return;
    }
    isAway = true;
    tell("away");
  }

  function alive(): void {
    seen = Date.now();
    if (!isAway) return;
    isAway = false;
    tell("online");
    check();
  }

  function looked(): void {
    if (document.visibilityState === "visible") alive();
  }

  return {
    start(): void {
      isAway = false;
      seen = Date.now();
      for (const sign of SIGNS) document.addEventListener(sign, alive, OPTIONS);
      document.addEventListener("visibilitychange", looked);
      check();
    },

    stop(): void {
      clearTimeout(timer);
      for (const sign of SIGNS) document.removeEventListener(sign, alive, OPTIONS);
      document.removeEventListener("visibilitychange", looked);
    },

    /** The server takes every new connection for one with somebody at it. */
    resume(): void {
      if (isAway) tell("away");
    },
  };
}
