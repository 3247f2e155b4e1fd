import { describe, expect, it, vi } from "vitest";

import { fullJitter, persist } from "./backoff";
import { ChatError } from "./errors";

describe("full jitter", () => {
  it("spreads over an interval that doubles up to its cap", () => {
    expect([0, 1, 2, 10, 1000].map((attempt) => fullJitter(attempt, () => 1))).toEqual([
      1_000, 2_000, 4_000, 30_000, 30_000,
    ]);
    expect(fullJitter(5, () => 0)).toBe(0);
  });
});

describe("persist", () => {
  const overloaded = new ChatError("overloaded", "", 2);

  it("asks again after the time that the server named", async () => {
    const action = vi.fn<() => Promise<string>>().mockRejectedValueOnce(overloaded).mockResolvedValue("done");
    const sleep = vi.fn(() => Promise.resolve());
    await expect(persist(action, 3, sleep)).resolves.toBe("done");
    expect(sleep).toHaveBeenCalledOnce();
    expect(sleep.mock.calls[0]).toEqual([expect.toSatisfy((wait: number) => wait >= 2000)]);
  });

  it("gives up after its attempts", async () => {
    const action = vi.fn<() => Promise<string>>().mockRejectedValue(overloaded);
    await expect(persist(action, 3, () => Promise.resolve())).rejects.toBe(overloaded);
    expect(action).toHaveBeenCalledTimes(3);
  });

  it("does not repeat what will not change", async () => {
    const action = vi.fn<() => Promise<string>>().mockRejectedValue(new ChatError("not_found", ""));
    await expect(persist(action, 3)).rejects.toMatchObject({ code: "not_found" });
    expect(action).toHaveBeenCalledOnce();
  });
});
