import { afterEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "./api/errors";
import { describe as explain, formatDay, formatTime, setLocale, t } from "./i18n";
import { en } from "./locales/en";

afterEach(() => setLocale("en", en));

describe("texts", () => {
  it("take parameters and choose between one and many", () => {
    expect(t("composer.label", { name: "All Chats" })).toBe("Message to All Chats");
    expect(t("room.members", { count: 1 })).toBe("1 member");
    expect(t("room.members", { count: 1200 })).toBe("1,200 members");
  });

  it("of another language fall back to English where they are missing", () => {
    setLocale("de", { "status.online": "Da" });
    expect(t("status.online")).toBe("Da");
    expect(t("status.offline")).toBe("Offline");
  });
});

it("an error is told in the server's words, else in ours, with the time to wait", () => {
  expect(explain(new ChatError("forbidden", "You are banned."))).toBe("You are banned.");
  expect(explain(new ChatError("overloaded", "", 2.3))).toBe("The chat is very busy. Please try again. Try again in 3 seconds.");
  expect(explain(new ChatError("new_code", ""))).toBe("That did not work.");
});

it("a day is told from today", () => {
  const now = new Date(2026, 2, 1, 9);
  expect(formatDay(new Date(2026, 2, 1, 1), now)).toBe("Today");
  expect(formatDay(new Date(2026, 1, 28, 23), now)).toBe("Yesterday");
  expect(formatDay(new Date(2026, 1, 27), now)).toBe("Friday, February 27");
  expect(formatDay(new Date(2025, 1, 27), now)).toBe("Thursday, February 27, 2025");
});

it("dates follow the reader's own variant of the language", () => {
  const evening = new Date(2026, 2, 1, 21, 5);
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE", "en-GB", "en"]);
  expect(formatTime(evening)).toBe("21:05");
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-US"]);
  expect(formatTime(evening)).toMatch(/^9:05.PM$/);
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["fr-FR"]);
  expect(formatTime(evening)).toMatch(/^9:05.PM$/);
});
