/** The languages that the chat speaks beside English, each in a file that only its readers load. */
import { type Catalogue, setLocale } from "./i18n";

interface Language {
  /** As the document is marked with it: browsers choose the shapes of Chinese characters by it. */
  tag: string;
  load: () => Promise<Catalogue>;
}

const languages: Record<string, Language> = {
  de: { tag: "de", load: async () => (await import("./locales/de")).de },
  es: { tag: "es", load: async () => (await import("./locales/es")).es },
  fr: { tag: "fr", load: async () => (await import("./locales/fr")).fr },
  ja: { tag: "ja", load: async () => (await import("./locales/ja")).ja },
  zh: { tag: "zh-Hans", load: async () => (await import("./locales/zh")).zh },
};

/** Milliseconds for which the chat waits for its texts before it shows itself in English. */
const PATIENCE = 3000;

/** Resolves when the texts of the language are there, or when it is better to begin without them; never rejects. */
export async function speak(wanted: string): Promise<void> {
  const language = languages[wanted.toLowerCase().split(/[-_]/, 1)[0] ?? ""];
  if (!language) return;
  const loaded = language.load().then(
    (catalogue) => setLocale(language.tag, catalogue),
    () => undefined, // English is complete
  );
  await Promise.race([loaded, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}
