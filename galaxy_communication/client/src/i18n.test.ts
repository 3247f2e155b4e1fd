import { afterEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "./api/errors";
import { describe as explain, direction, formatDay, formatList, formatRelative, formatTime, setLocale, t } from "./i18n";
import { de } from "./locales/de";
import { en } from "./locales/en";

afterEach(() => {
  setLocale("en", en);
  document.documentElement.dir = "";
});

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

  it.each(["ja", "fr"])("take the general form of a number where %s has no other", (language) => {
    setLocale(language, { "room.members": { other: "{count} !" } });
    for (const count of [1, 2, 1_000_000]) expect(t("room.members", { count })).toMatch(/!$/);
  });

  it("keep a name that is written the other way apart from the sentence", () => {
    expect(t("composer.label", { name: "שלום" })).toBe("Message to \u2068שלום\u2069");
    expect(t("composer.label", { name: "a\u202eb" })).toBe("Message to \u2068a\u202eb\u2069");
    expect(formatList(["ada", "ليلى"])).toBe("ada and \u2068ليلى\u2069");
    setLocale("ar", { "composer.label": "رسالة إلى {name}" });
    expect(t("composer.label", { name: "ada." })).toBe("رسالة إلى \u2068ada.\u2069");
  });
});

it("the direction is that of the language, or of the page", () => {
  expect(direction()).toBe("ltr");
  setLocale("he", {});
  expect(direction()).toBe("rtl");
  setLocale("en", en);
  document.documentElement.dir = "rtl";
  expect(direction()).toBe("rtl");
});

it("what is recent is told from now", () => {
  const now = new Date(2026, 2, 1, 14, 30);
  const ago = (minutes: number): string => formatRelative(new Date(now.getTime() - minutes * 60_000), now.getTime());
  vi.spyOn(navigator, "languages", "get").mockReturnValue(["en-GB"]);
  expect([ago(0), ago(0.9), ago(-4)]).toEqual(["just now", "just now", "just now"]);
  expect([ago(1), ago(5.5), ago(59)]).toEqual(["1 min ago", "5 min ago", "59 min ago"]);
  expect([ago(60), ago(-60)]).toEqual(["13:30", "15:30"]);
  setLocale("de", {});
  expect(ago(5)).toBe("vor 5 Min.");
});

it("an error is told in the server's words, else in ours, with what to do about it", () => {
  expect(explain(new ChatError("forbidden", "You are banned."))).toBe("You are banned.");
  expect(explain(new ChatError("overloaded", "", 2.3))).toBe("The chat is very busy. Please try again in a moment.");
  expect(explain(new ChatError("new_code", ""))).toMatch("That did not work.");
  expect(explain(new ChatError("silenced", "You are silenced."))).toBe("You are silenced. An administrator of this Galaxy can lift it.");
  expect(explain(new ChatError("silenced", "You are silenced.", 60))).toBe("You are silenced.");
});

it("an error is told as closely as the language has words for it", () => {
  const taken = new ChatError("conflict", "The server's words.", null, { reason: "name_taken", values: { name: "NGS" } });
  expect(explain(taken)).toBe("There is a room of the name “NGS” already. Join it, or choose another name.");
  expect(explain(new ChatError("conflict", "The server's words.", null, { reason: "new_reason", values: {} }))).toBe("The server's words.");
  const banned = new ChatError("forbidden", "", null, { reason: "banned", values: { why: "" } });
  expect(explain(banned)).toBe("You are banned from the chat.");
  setLocale("de", de);
  expect(explain(taken)).toMatch("„NGS“");
  expect(explain(new ChatError("forbidden", "The server's words."))).toMatch("Das dürfen Sie nicht.");
  expect(explain(new ChatError("new_code", "The server's words."))).toBe("The server's words.");
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
