/** Which tab tells, and how often. */
import { beforeEach, expect, it, vi } from "vitest";

import { createContest, MOMENT, REST, type Channel } from "./contest";

type Listener = (event: { data: unknown }) => void;

/** Channels of one name, which hear each other and not themselves. */
function createAir(): () => Channel {
  const listeners = new Map<object, Listener>();
  return () => {
    const self = {};
    return {
      addEventListener: (_type: string, listener: unknown) => void listeners.set(self, listener as Listener),
      postMessage: (data: unknown) => listeners.forEach((listener, other) => other !== self && listener({ data })),
      close: () => void listeners.delete(self),
    } as Channel;
  };
}

let air: () => Channel;

beforeEach(() => {
  vi.useFakeTimers();
  air = createAir();
  return () => vi.useRealTimers();
});

function openTab(rank = 0, isWorthIt = true) {
  const told: string[][] = [];
  const contest = createContest<string>(air(), (won) => isWorthIt && told.push(won) > 0);
  return { told, contest, hears: (...keys: string[]) => contest.enter(new Map(keys.map((key) => [key, key])), rank) };
}

it("the best of those who hear of it tells it, once", () => {
  const tabs = [openTab(1), openTab(3), openTab(2)];
  for (const tab of tabs) tab.hears("a");
  for (const tab of tabs) tab.hears("a");
  vi.advanceTimersByTime(MOMENT);
  expect(tabs.map(({ told }) => told)).toEqual([[], [["a"]], []]);
});

it("one of those that are equal tells it", () => {
  const tabs = [openTab(), openTab(), openTab()];
  for (const tab of tabs) tab.hears("a");
  vi.advanceTimersByTime(MOMENT);
  expect(tabs.flatMap(({ told }) => told)).toEqual([["a"]]);
});

it("a tab that is alone, or has no channel, tells all", () => {
  const told: string[][] = [];
  createContest<string>(null, (won) => told.push(won) > 0).enter(new Map([["a", "a"]]), 0);
  vi.advanceTimersByTime(MOMENT);
  expect(told).toEqual([["a"]]);
});

it("a tab that hears of it late finds it told", () => {
  const [first, late] = [openTab(1), openTab(2)];
  first.hears("a");
  vi.advanceTimersByTime(MOMENT);
  late.hears("a");
  vi.advanceTimersByTime(2 * REST);
  expect([first.told, late.told]).toEqual([[["a"]], []]);
});

it("a tab that shows it silences the others, before and after they hear of it", () => {
  const [reader, other] = [openTab(), openTab()];
  other.hears("a");
  reader.contest.settle(["a", "b"]);
  other.hears("b", "c");
  vi.advanceTimersByTime(MOMENT);
  expect(other.told).toEqual([["c"]]);
});

it("what comes soon after is told together, whichever tab told before", () => {
  const [first, second] = [openTab(2), openTab(1)];
  const both = [first, second];
  for (const tab of both) tab.hears("a");
  vi.advanceTimersByTime(MOMENT);
  first.contest.stop();
  for (let number = 0; number < 100; number++) {
    second.hears(`b${number}`);
    vi.advanceTimersByTime(10);
  }
  expect(second.told).toEqual([]);
  vi.advanceTimersByTime(REST);
  expect(second.told).toHaveLength(1);
  expect(second.told[0]).toHaveLength(100);
  second.hears("c");
  vi.advanceTimersByTime(MOMENT);
  expect(second.told).toHaveLength(1);
});

it("what was not worth telling lets the next not wait", () => {
  const tab = openTab(0, false);
  tab.hears("a");
  vi.advanceTimersByTime(MOMENT);
  const next = openTab(1);
  next.hears("b");
  vi.advanceTimersByTime(MOMENT);
  expect(next.told).toEqual([["b"]]);
});

it("a tab that goes is heard of no more", () => {
  const tab = openTab();
  tab.hears("a");
  tab.contest.stop();
  vi.advanceTimersByTime(REST);
  expect(tab.told).toEqual([]);
});
