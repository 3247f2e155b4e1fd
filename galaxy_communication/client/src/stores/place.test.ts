import { beforeEach, expect, it, vi } from "vitest";

import { rememberedPlace, rememberPlace } from "./place";

const KEY = "galaxy-communication-place";

beforeEach(() => localStorage.clear());

it("is at the end at first, and then where it was left", () => {
  expect(rememberedPlace()).toEqual({ side: "end", sizes: {} });
  rememberPlace({ side: "bottom", sizes: { bottom: 300 } });
  expect(rememberedPlace()).toEqual({ side: "bottom", sizes: { bottom: 300 } });
});

it.each(["{", "null", "7", '{"side":"top","sizes":{"end":"wide","bottom":null}}'])("does without %s", (found) => {
  localStorage.setItem(KEY, found);
  expect(rememberedPlace()).toEqual({ side: "end", sizes: {} });
});

it("does without storage", () => {
  vi.stubGlobal("localStorage", undefined);
  rememberPlace({ side: "bottom", sizes: {} });
  expect(rememberedPlace().side).toBe("end");
  vi.unstubAllGlobals();
});
