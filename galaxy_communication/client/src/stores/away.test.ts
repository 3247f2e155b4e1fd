import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { ConnectionListener } from "../api/connection";
import { createRest } from "../api/rest";
import { ready, room, status } from "../../tests/samples";
import { createAway, PATIENCE, type Away } from "./away";
import { createChat } from "./chat";

let away: Away;
const tell = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  tell.mockReset();
  away = createAway(tell);
  away.start();
});

afterEach(() => {
  away.stop();
  vi.useRealTimers();
});

const press = () => document.dispatchEvent(new KeyboardEvent("keydown"));

it("is told after five minutes without a sign of life, and its end with the next one", () => {
  vi.advanceTimersByTime(PATIENCE - 1);
  press();
  vi.advanceTimersByTime(PATIENCE - 1);
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(tell.mock.calls).toEqual([["away"]]);
  vi.advanceTimersByTime(PATIENCE);
  press();
  press();
  expect(tell.mock.calls).toEqual([["away"], ["online"]]);
  vi.advanceTimersByTime(PATIENCE);
  expect(tell).toHaveBeenLastCalledWith("away");
});

it("ends when one looks at the page again", () => {
  vi.advanceTimersByTime(PATIENCE);
  const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(tell).not.toHaveBeenCalledWith("online");
  visibility.mockReturnValue("visible");
  document.dispatchEvent(new Event("visibilitychange"));
  expect(tell).toHaveBeenLastCalledWith("online");
});

it("is told again to a new connection, which knows nothing of it", () => {
  away.resume();
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(PATIENCE);
  away.resume();
  expect(tell.mock.calls).toEqual([["away"], ["away"]]);
});

it("leaves nothing behind", () => {
  away.stop();
  press();
  expect(vi.getTimerCount()).toBe(0);
  away.start();
  vi.advanceTimersByTime(PATIENCE);
  expect(tell.mock.calls).toEqual([["away"]]);
});

it("is what the chat tells while it is online, on every connection", () => {
  away.stop();
  const told: unknown[] = [];
  let listener: ConnectionListener | undefined;
  const chat = createChat({
    root: "/",
    socket: status().socket,
    rest: { ...createRest("/"), messages: () => Promise.resolve([]) },
    connect(_address, heard) {
      listener = heard;
      return { close: () => undefined, tryNow: () => undefined, request: (name, payload) => (name === "presence.set" && told.push(payload), new Promise(() => undefined)) };
    },
  });
  vi.advanceTimersByTime(PATIENCE);
  expect(told).toEqual([]);
  chat.goOnline();
  listener?.ready(ready([room()]));
  vi.advanceTimersByTime(PATIENCE);
  listener?.ready(ready([room()]));
  expect(told).toEqual([{ status: "away" }, { status: "away" }]);
  press();
  expect(told.at(-1)).toEqual({ status: "online" });
  chat.close();
  vi.advanceTimersByTime(PATIENCE);
  expect(told).toHaveLength(3);
});
