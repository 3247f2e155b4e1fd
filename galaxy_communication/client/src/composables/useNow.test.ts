import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApp, defineComponent, h, nextTick, type App } from "vue";

import { useNow } from "./useNow";

const START = new Date(2026, 2, 1, 12).getTime();
let apps: App[];

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ["Date", "setInterval", "clearInterval"] });
  apps = [];
});

afterEach(() => {
  for (const app of apps) app.unmount();
  vi.useRealTimers();
});

function clock(): { element: HTMLElement; app: App } {
  const element = document.createElement("div");
  const app = createApp(
    defineComponent(() => {
      const now = useNow();
      return () => h("p", String(now.value - START));
    }),
  );
  app.mount(element);
  apps.push(app);
  return { element, app };
}

function look(state: "visible" | "hidden"): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  document.dispatchEvent(new Event("visibilitychange"));
}

async function pass(milliseconds: number): Promise<void> {
  vi.advanceTimersByTime(milliseconds);
  await nextTick();
}

it("goes on for all with one timer, which ends with the last of them", async () => {
  const [one, other] = [clock(), clock()];
  await nextTick();
  expect(vi.getTimerCount()).toBe(1);
  await pass(60_000);
  expect([one.element.textContent, other.element.textContent]).toEqual(["60000", "60000"]);
  one.app.unmount();
  expect(vi.getTimerCount()).toBe(1);
  other.app.unmount();
  expect(vi.getTimerCount()).toBe(0);
  apps = [];
});

it("stands still while nobody looks, and is right at once when somebody does", async () => {
  const { element } = clock();
  await nextTick();
  look("hidden");
  expect(vi.getTimerCount()).toBe(0);
  await pass(600_000);
  expect(element.textContent).toBe("0");
  look("visible");
  await nextTick();
  expect(element.textContent).toBe("600000");
});
