import { beforeEach, expect, it, vi } from "vitest";

import { createAnnouncer } from "./announcer";

beforeEach(() => void vi.useFakeTimers());

it("says one thing after the other, and what is said again as something new", () => {
  const { said, say } = createAnnouncer();
  say("one");
  say("one");
  expect(said).toEqual({ text: "one", number: 1 });
  vi.advanceTimersByTime(999);
  expect(said.number).toBe(1);
  vi.advanceTimersByTime(1);
  expect(said).toEqual({ text: "one", number: 2 });
});

it("says what is newest when there is more than anybody could listen to", () => {
  const { said, say } = createAnnouncer();
  const heard: string[] = [];
  for (let number = 0; number < 50; number++) say(`text ${number}`);
  for (let second = 0; second < 10; second++) {
    if (heard.at(-1) !== said.text) heard.push(said.text);
    vi.advanceTimersByTime(1_000);
  }
  expect(heard).toEqual(["text 0", "text 47", "text 48", "text 49"]);
});
