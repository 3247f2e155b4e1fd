import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { nextTick, reactive } from "vue";

import { room } from "../../tests/samples";
import { endMutes, FOR_GOOD, isForGood } from "./mutes";
import { putRoom, type Rooms } from "./rooms";

let rooms: Rooms;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  rooms = reactive(new Map());
  stop = endMutes(rooms);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

const inMs = (delay: number): string => new Date(Date.now() + delay).toISOString();
const muted = () => [...rooms.values()].filter(({ room: { muted_until: until } }) => until !== null).map(({ room: { id } }) => id);

it("a mute ends at its moment, each at its own", async () => {
  putRoom(rooms, room({ id: "r1", muted_until: inMs(60_000) }));
  putRoom(rooms, room({ id: "r2", muted_until: inMs(10_000) }));
  putRoom(rooms, room({ id: "r3" }));
  await nextTick();
  vi.advanceTimersByTime(9_999);
  expect(muted()).toEqual(["r1", "r2"]);
  vi.advanceTimersByTime(1);
  expect(muted()).toEqual(["r1"]);
  vi.advanceTimersByTime(50_000);
  expect(muted()).toEqual([]);
});

it("one for good lasts, although no timer waits for so long", async () => {
  putRoom(rooms, room({ muted_until: FOR_GOOD }));
  await nextTick();
  vi.advanceTimersByTime(2 ** 31);
  expect(muted()).toEqual(["r1"]);
  expect(isForGood(FOR_GOOD)).toBe(true);
  expect(isForGood("9999-12-31T00:00:00.000000Z")).toBe(true);
  expect(isForGood(inMs(1000))).toBe(false);
});

it("what was stopped leaves no timer", async () => {
  putRoom(rooms, room({ muted_until: inMs(60_000) }));
  await nextTick();
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
