import { afterEach, expect, it, vi } from "vitest";

import { galaxysLanguage } from "./language";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

it("is what Galaxy has chosen, else the browser's", () => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("fr-CA");
  expect(galaxysLanguage()).toBe("fr-CA");
  sessionStorage.setItem("currentLocale", "de");
  expect(galaxysLanguage()).toBe("de");
});

it("is the browser's where there is no storage", () => {
  vi.spyOn(navigator, "language", "get").mockReturnValue("ja");
  vi.stubGlobal("sessionStorage", undefined);
  expect(galaxysLanguage()).toBe("ja");
});
