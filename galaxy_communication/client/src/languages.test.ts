import { afterEach, expect, it, vi } from "vitest";

import { eventually } from "../tests/eventually";
import { findEmoji, loadEmojiWords } from "./composables/emoji";
import { setLocale, shownLanguage, t } from "./i18n";
import { speak, speakOn } from "./languages";
import { en } from "./locales/en";

afterEach(() => {
  setLocale("en", en);
  vi.doUnmock("./locales/ja");
  vi.useRealTimers();
});

it.each([
  ["de", "de", "Räume"],
  ["de-AT", "de", "Räume"],
  ["es_MX", "es", "Salas"],
  ["FR", "fr", "Salons"],
  ["ja-JP", "ja", "ルーム"],
  ["zh-cn", "zh-Hans", "房间"],
  ["zh-TW", "zh-Hans", "房间"],
  ["en-GB", "en", "Rooms"],
  ["it", "en", "Rooms"],
  ["", "en", "Rooms"],
])("%s is answered in %s", async (wanted, language, rooms) => {
  await speak(wanted);
  expect([shownLanguage(), t("rooms.title")]).toEqual([language, rooms]);
});

it("finds emoji by the words of the language, and by the English ones", async () => {
  await speak("de");
  await loadEmojiWords();
  expect(findEmoji("daumen").map(({ emoji }) => emoji)).toEqual(["👍", "👎"]);
  expect(findEmoji("tada")).toEqual([{ emoji: "🎉", name: "Konfetti" }]);
});

it("another one is shown in its place, with all that has come, and English again", async () => {
  await speak("de");
  await speakOn({});
  const late = speak("fr");
  await speak("es");
  await late;
  expect([shownLanguage(), t("rooms.title")]).toEqual(["es", "Salas"]);
  await speak("en");
  expect([shownLanguage(), t("rooms.title")]).toEqual(["en", "Rooms"]);
});

it("a language that cannot be loaded leaves English", async () => {
  vi.doMock("./locales/ja", () => {
    throw new Error("gone");
  });
  await speak("ja");
  expect([shownLanguage(), t("rooms.title")]).toEqual(["en", "Rooms"]);
});

it("one that takes long is not waited for, and shown when it comes", async () => {
  vi.useFakeTimers();
  let arrive = (): void => undefined;
  const arrival = new Promise<void>((resolve) => (arrive = resolve));
  vi.doMock("./locales/ja", async () => {
    await arrival;
    return { ja: { "rooms.title": "ルーム" } };
  });
  const begun = speak("ja");
  await vi.advanceTimersByTimeAsync(3000);
  await begun;
  expect(t("rooms.title")).toBe("Rooms");
  vi.useRealTimers();
  arrive();
  await eventually(() => expect(t("rooms.title")).toBe("ルーム"));
});
