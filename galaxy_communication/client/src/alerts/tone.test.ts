/** At the browser's edge: there is no sound in tests. */
import { beforeEach, expect, it, vi } from "vitest";

const started = vi.fn();
let refuses: "never answers" | "throws" | null;
let hasBeenActive: boolean | undefined;
let made: number;

class TestParameter {
  setValueAtTime = vi.fn();
  linearRampToValueAtTime = vi.fn();
  exponentialRampToValueAtTime = vi.fn();
}

class TestNode {
  gain = new TestParameter();
  start = started;
  stop = vi.fn();
  connect = (next: unknown) => next;
}

class TestAudioContext {
  state = "suspended";
  currentTime = 0;
  destination = {};

  constructor() {
    made += 1;
  }

  resume(): Promise<void> {
    if (refuses === "throws") return Promise.reject(new DOMException("no device"));
    if (refuses === "never answers") return new Promise(() => undefined);
    this.state = "running";
    return Promise.resolve();
  }
}

beforeEach(() => {
  vi.resetModules();
  started.mockClear();
  made = 0;
  refuses = null;
  hasBeenActive = true;
  vi.stubGlobal("AudioContext", TestAudioContext);
  vi.stubGlobal("OscillatorNode", TestNode);
  vi.stubGlobal("GainNode", TestNode);
  vi.stubGlobal("navigator", {
    get userActivation() {
      return hasBeenActive === undefined ? undefined : { hasBeenActive };
    },
  });
  return () => vi.unstubAllGlobals();
});

const load = () => import("./tone");

it("sounds, each time with the same context", async () => {
  const { play, isAudible } = await load();
  expect(isAudible()).toBe(true);
  await play();
  await play();
  expect([made, started.mock.calls.length]).toEqual([1, 4]);
});

it("does not try before the user has done anything in the page", async () => {
  hasBeenActive = false;
  const { play, isAudible } = await load();
  await play();
  expect([isAudible(), made]).toEqual([false, 0]);
});

it("tries where the browser does not say", async () => {
  hasBeenActive = undefined;
  const { play } = await load();
  await play();
  expect(started).toHaveBeenCalledTimes(2);
});

it("takes a refusal silently", async () => {
  const { play } = await load();
  refuses = "throws";
  await play();
  refuses = "never answers";
  void play();
  await Promise.resolve();
  expect(started).not.toHaveBeenCalled();
});

it("is not there without a device for it", async () => {
  vi.stubGlobal("AudioContext", undefined);
  const { play, isAudible } = await load();
  await play();
  expect(isAudible()).toBe(false);
});
