/** The languages that the chat speaks beside English, each in a file that only its readers load. */
import { type Catalogue, setLocale } from "./i18n";

interface Language {
  /** As the document is marked with it: browsers choose the shapes of Chinese characters by it. */
  tag: string;
  /** Its texts, and the words by which emoji are found. */
  load: () => Promise<readonly Record<string, Catalogue>[]>;
}

const languages: Record<string, Language> = {
  de: { tag: "de", load: () => Promise.all([import("./locales/de"), import("./locales/emoji/de")]) },
  es: { tag: "es", load: () => Promise.all([import("./locales/es"), import("./locales/emoji/es")]) },
  fr: { tag: "fr", load: () => Promise.all([import("./locales/fr"), import("./locales/emoji/fr")]) },
  ja: { tag: "ja", load: () => Promise.all([import("./locales/ja"), import("./locales/emoji/ja")]) },
  zh: { tag: "zh-Hans", load: () => Promise.all([import("./locales/zh"), import("./locales/emoji/zh")]) },
};

/** Milliseconds for which the chat waits for its texts before it shows itself in English. */
const PATIENCE = 3000;

/** Resolves when the texts of the language are there, or when it is better to begin without them; never rejects. */
export async function speak(wanted: string): Promise<void> {
  const language = languages[wanted.toLowerCase().split(/[-_]/, 1)[0] ?? ""];
  if (!language) return;
  const loaded = language.load().then(
    (parts) => setLocale(language.tag, Object.assign({}, ...parts.flatMap((part) => Object.values(part))) as Catalogue),
    () => undefined, // English is complete
  );
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
