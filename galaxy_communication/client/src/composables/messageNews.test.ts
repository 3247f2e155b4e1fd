import { beforeEach, describe, expect, it, vi } from "vitest";

import { message } from "../../tests/samples";
import { collectNews, LONGEST, SHORTEST } from "./messageNews";

beforeEach(() => void vi.useFakeTimers());

function collect() {
  const told: number[] = [];
  const news = collectNews((messages) => told.push(messages.length));
  return { told, news };
}

describe("what came", () => {
  it("is told at once, and what follows closely together", () => {
    const { told, news } = collect();
    news.heard([message(1)]);
    expect(told).toEqual([1]);
    for (let seq = 2; seq < 7; seq++) news.heard([message(seq)]);
    expect(told).toEqual([1]);
    vi.advanceTimersByTime(SHORTEST);
    expect(told).toEqual([1, 5]);
  });

  it("is told more rarely where it does not end, and as at first after some silence", () => {
    const { told, news } = collect();
    const second = (): void => {
      news.heard([message(1), message(2)]);
      vi.advanceTimersByTime(1_000);
    };
    for (let seconds = 0; seconds < 120; seconds++) second();
    expect(told.length).toBeLessThan(11);
    vi.advanceTimersByTime(2 * LONGEST);
    expect(told.reduce((sum, count) => sum + count)).toBe(240);
    const before = told.length;
    news.heard([message(1)]);
    expect(told.length).toBe(before + 1);
    news.heard([message(2)]);
    vi.advanceTimersByTime(SHORTEST);
    expect(told.length).toBe(before + 2);
  });

  it("while nobody looked is told as one when somebody does", () => {
    const { told, news } = collect();
    news.hold(true);
    for (let seq = 0; seq < 30; seq++) {
      news.heard([message(seq)]);
      vi.advanceTimersByTime(LONGEST);
    }
    expect(told).toEqual([]);
    news.hold(false);
    vi.advanceTimersByTime(LONGEST);
    expect(told).toEqual([30]);
  });

  it("is not told any more in another room", () => {
    const { told, news } = collect();
    news.heard([message(1)]);
    news.heard([message(2)]);
    news.forget();
    vi.advanceTimersByTime(LONGEST);
    expect(told).toEqual([1]);
  });
});
