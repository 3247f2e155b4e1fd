/** The languages that the chat speaks beside English, each in two files that only its readers load. */
import { addTexts, type Catalogue, setLocale } from "./i18n";
import { galaxysLanguage } from "./language";
import { en } from "./locales/en";

interface Language {
  /** As the document is marked with it: browsers choose the shapes of Chinese characters by it. */
  tag: string;
  load: () => Promise<Catalogue>;
  /** What is not said at first; see vite/texts.ts. */
  later: () => Promise<{ default: Catalogue }>;
}

const languages: Record<string, Language> = {
  de: {
    tag: "de",
    load: async () => (await import("./locales/de")).de,
    later: () => import("./locales/de?later"),
  },
  es: {
    tag: "es",
    load: async () => (await import("./locales/es")).es,
    later: () => import("./locales/es?later"),
  },
  fr: {
    tag: "fr",
    load: async () => (await import("./locales/fr")).fr,
    later: () => import("./locales/fr?later"),
  },
  ja: {
    tag: "ja",
    load: async () => (await import("./locales/ja")).ja,
    later: () => import("./locales/ja?later"),
  },
  zh: {
    tag: "zh-Hans",
    load: async () => (await import("./locales/zh")).zh,
    later: () => import("./locales/zh?later"),
  },
};

/** It comes with what says it. */
const english: Language = {
  tag: "en",
  load: () => Promise.resolve(en),
  later: () => Promise.resolve({ default: {} }),
};

/** Milliseconds for which the chat waits for its texts before it shows itself in English. */
const PATIENCE = 3000;

/** The language that is shown, once it is. */
let shown = Promise.resolve(english);
let isMoreWanted = false;

/**
 * In the place of the one before. Resolves when the texts of the language are there, or when it is better to begin without
 * them; never rejects.
 */
export async function speak(wanted: string): Promise<void> {
  const language = languages[wanted.toLowerCase().split(/[-_]/, 1)[0] ?? ""] ?? english;
  const loading: Promise<Language> = Promise.all([language.load(), isMoreWanted ? language.later() : null]).then(
    ([first, more]) => {
      if (loading === shown) setLocale(language.tag, { ...first, ...more?.default });
      return language;
    },
    () => english, // is complete
  );
  shown = loading;
  await Promise.race([loading, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** @param chosen by the user; null where it is to be the language of Galaxy's page. */
export const speakFor = (chosen: string | null): Promise<void> => speak(chosen ?? galaxysLanguage());

/** The rest of the texts. Never rejects: English comes with what says it. */
export async function speakOn(texts: Catalogue): Promise<void> {
  isMoreWanted = true;
  const asked = shown;
  const more = await (await asked).later().catch(() => null);
  addTexts(texts, (asked === shown && more?.default) || {});
}
