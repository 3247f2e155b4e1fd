import { onBeforeUnmount, onMounted, readonly, shallowRef, type ShallowRef } from "vue";

/** Milliseconds: what is told from now counts minutes. */
const STEP = 30_000;

const now = shallowRef(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now.value = Date.now();
}

function run(): void {
  clearInterval(timer);
  timer = undefined;
  if (users === 0 || document.visibilityState !== "visible") return;
  tick();
  timer = setInterval(tick, STEP);
}

function come(): void {
  users += 1;
  if (users > 1) return;
  document.addEventListener("visibilitychange", run);
  run();
}

function go(): void {
  users -= 1;
  if (users > 0) return;
  document.removeEventListener("visibilitychange", run);
  run();
}

/** The time, in milliseconds since the epoch: one clock for all, which stands still while the page is not seen. */
export function useNow(): Readonly<ShallowRef<number>> {
  onMounted(come);
  onBeforeUnmount(go);
  return readonly(now);
}
