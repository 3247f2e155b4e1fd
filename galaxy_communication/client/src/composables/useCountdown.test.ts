import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { effectScope, nextTick, ref } from "vue";

import { useCountdown } from "./useCountdown";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("counts the seconds down to a moment, and rests then", async () => {
  const until = ref<number | null>(null);
  const scope = effectScope();
  const left = scope.run(() => useCountdown(() => until.value));
  expect(left?.value).toBe(0);
  until.value = Date.now() + 2_500;
  await nextTick();
  const seen = [left?.value];
  for (let second = 0; second < 3; second++) {
    vi.advanceTimersByTime(1_000);
    seen.push(left?.value);
  }
  expect(seen).toEqual([3, 2, 1, 0]);
  expect(vi.getTimerCount()).toBe(0);
  until.value = Date.now() + 9_000;
  await nextTick();
  expect(left?.value).toBe(9);
  scope.stop();
  expect(vi.getTimerCount()).toBe(0);
});
