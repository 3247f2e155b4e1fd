/** The languages that the chat speaks beside English, each in files that only its readers load. */
import { addTexts, type Catalogue, setLocale } from "./i18n";
import { galaxysLanguage } from "./language";
import { en } from "./locales/en";

/** What is said in what comes later, or to administrators alone. */
type Part = "later" | "admin";

interface Language {
  /** As the document is marked with it: browsers choose the shapes of Chinese characters by it. */
  tag: string;
  load: () => Promise<Catalogue>;
  /** What is not said at first; see vite/texts.ts. */
  later: () => Promise<{ default: Catalogue }>;
  admin: () => Promise<{ default: Catalogue }>;
}

const languages: Record<string, Language> = {
  de: {
    tag: "de",
    load: async () => (await import("./locales/de")).de,
    later: () => import("./locales/de?later"),
    admin: () => import("./locales/de?admin"),
  },
  es: {
    tag: "es",
    load: async () => (await import("./locales/es")).es,
    later: () => import("./locales/es?later"),
    admin: () => import("./locales/es?admin"),
  },
  fr: {
    tag: "fr",
    load: async () => (await import("./locales/fr")).fr,
    later: () => import("./locales/fr?later"),
    admin: () => import("./locales/fr?admin"),
  },
  ja: {
    tag: "ja",
    load: async () => (await import("./locales/ja")).ja,
    later: () => import("./locales/ja?later"),
    admin: () => import("./locales/ja?admin"),
  },
  zh: {
    tag: "zh-Hans",
    load: async () => (await import("./locales/zh")).zh,
    later: () => import("./locales/zh?later"),
    admin: () => import("./locales/zh?admin"),
  },
};

/** It comes with what says it. */
const english: Language = {
  tag: "en",
  load: () => Promise.resolve(en),
  later: () => Promise.resolve({ default: {} }),
  admin: () => Promise.resolve({ default: {} }),
};

/** Milliseconds for which the chat waits for its texts before it shows itself in English. */
const PATIENCE = 3000;

/** The language that is shown, once it is. */
let shown = Promise.resolve(english);
const wantedParts = new Set<Part>();

/**
 * In the place of the one before. Resolves when the texts of the language are there, or when it is better to begin without
 * them; never rejects.
 */
export async function speak(wanted: string): Promise<void> {
  const language = languages[wanted.toLowerCase().split(/[-_]/, 1)[0] ?? ""] ?? english;
  const more = [...wantedParts].map((part) => language[part]());
  const loading: Promise<Language> = Promise.all([language.load(), ...more]).then(
    ([first, ...parts]) => {
      if (loading === shown) setLocale(language.tag, Object.assign({}, first, ...parts.map((part) => part.default)));
      return language;
    },
    () => english, // is complete
  );
  shown = loading;
  await Promise.race([loading, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** @param chosen by the user; null where it is to be the language of Galaxy's page. */
export const speakFor = (chosen: string | null): Promise<void> => speak(chosen ?? galaxysLanguage());

/** More of the texts. Never rejects: English comes with what says it. */
export async function speakOn(texts: Catalogue, part: Part = "later"): Promise<void> {
  wantedParts.add(part);
  const asked = shown;
  const more = await (await asked)[part]().catch(() => null);
  addTexts(texts, (asked === shown && more?.default) || {});
}
