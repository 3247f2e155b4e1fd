import { describe, expect, it } from "vitest";

import { de } from "./de";
import { de as emojiDe } from "./emoji/de";
import { en as emojiEn } from "./emoji/en";
import { es as emojiEs } from "./emoji/es";
import { fr as emojiFr } from "./emoji/fr";
import { ja as emojiJa } from "./emoji/ja";
import { zh as emojiZh } from "./emoji/zh";
import { en, type Key } from "./en";
import { es } from "./es";
import { fr } from "./fr";
import { ja } from "./ja";
import { masthead } from "./masthead";
import type { Text, Translation } from "./translation";
import { zh } from "./zh";

const translations: Record<string, Translation> = { de, es, fr, ja, zh };
const each = Object.entries(translations);

/** The same word in both languages. */
const SAME: Record<string, Key[]> = {
  de: ["title", "alerts.inRoom", "status.online", "status.offline", "people.online", "people.offline", "room.name", "room.role.moderator", "pace.title", "admin.figure.version", "admin.worker", "admin.kind.lobby"],
  es: ["title"],
  fr: ["title", "rooms.direct", "room.public", "room.hear", "person.message", "admin.figure.version", "admin.messages", "admin.kind.persistent", "admin.kind.public"],
};

const forms = (text: Text): string[] => (typeof text === "string" ? [text] : Object.values(text));
const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replace(/\{\w+\}/g, ""));

describe.each(each)("%s", (name, translation) => {
  const texts = Object.entries(translation) as [Key, Text][];

  it("has a text for each of English", () => {
    expect(texts.map(([key]) => key).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(texts)("%s takes what English takes", (key, text) => {
    const wanted = new Set(forms(en[key]).flatMap(placeholders));
    for (const form of forms(text)) {
      expect(form.trim()).toBe(form);
      expect(form).not.toBe("");
      expect(new Set(placeholders(form))).toEqual(wanted);
    }
    expect(typeof text).toBe(typeof en[key]);
  });

  it("has no form of a number that the language does not know, and all that it needs", () => {
    const known = new Intl.PluralRules(name).resolvedOptions().pluralCategories.filter((form) => form !== "many");
    for (const [, text] of texts) if (typeof text === "object") expect(Object.keys(text).sort()).toEqual([...known].sort());
  });

  it("says it in its own words", () => {
    const own = texts.filter(([key]) => !key.startsWith("key.")); // what stands on many keyboards is English
    const untouched = own.filter(([key, text]) => forms(text).some((form) => hasWords(form) && forms(en[key]).includes(form)));
    expect(untouched.map(([key]) => key).sort()).toEqual([...(SAME[name] ?? [])].sort());
  });

  it("sets its punctuation", () => {
    const wrong = { de: /[“][^“]*[”]|\p{L}…/u, es: /^[^¿]*\?|^[^¡]*!|[“”]/u, fr: /[^\s][?!:;»]|«\S|[“”]|\p{L}'\p{L}/u, ja: /[,?!]|[“”]/, zh: /[,?!;]|[「」]/ }[name];
    expect(texts.flatMap(([, text]) => forms(text)).filter((form) => wrong?.test(form))).toEqual([]);
  });

  it("names the chat the same in Galaxy's masthead", () => {
    const [title, unread] = masthead[name as keyof typeof masthead];
    expect(title).toBe(translation.title);
    expect(unread).toContain("{count}");
  });
});

it("the French leave no space before a mark where a line could break", () => {
  const texts = Object.values(fr).flatMap(forms);
  expect(texts.filter((text) => / [?!:;»]|« /.test(text))).toEqual([]);
});

it.each(Object.entries({ en: emojiEn, de: emojiDe, es: emojiEs, fr: emojiFr, ja: emojiJa, zh: emojiZh }))("%s has words for each emoji", (_name, words) => {
  expect(Object.keys(words).sort()).toEqual(Object.keys(emojiEn).sort());
  for (const text of Object.values(words)) {
    const parts = text.split(", ");
    expect(parts.length).toBeGreaterThan(1);
    expect(new Set(parts).size).toBe(parts.length);
    expect(parts.every((word) => word !== "" && word.trim() === word)).toBe(true);
  }
});
