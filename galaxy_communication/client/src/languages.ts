/** The languages that the chat speaks beside English, each in files that only its readers load. */
import { addTexts, type Catalogue, setLocale } from "./i18n";

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

/** Milliseconds for which the chat waits for its texts before it shows itself in English. */
const PATIENCE = 3000;

/** The language that is shown, once it is. */
let shown: Promise<Language | null> = Promise.resolve(null);

/** Resolves when the texts of the language are there, or when it is better to begin without them; never rejects. */
export async function speak(wanted: string): Promise<void> {
  const language = languages[wanted.toLowerCase().split(/[-_]/, 1)[0] ?? ""];
  if (!language) return;
  shown = language.load().then(
    (catalogue) => {
      setLocale(language.tag, catalogue);
      return language;
    },
    () => null, // English is complete
  );
  await Promise.race([shown, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** More of the texts. Never rejects: English comes with what says it. */
export async function speakOn(english: Catalogue, part: "later" | "admin" = "later"): Promise<void> {
  const language = await shown;
  const texts = await language?.[part]().catch(() => null);
  addTexts(english, texts?.default ?? {});
}
