/** What is offered in the choice of emoji and completed by name; comes with the first catalogue of words. */
import type { EmojiWithWords } from "../../composables/emoji";
import { en, type EmojiKey, type EmojiWords } from "./en";

/** What people react with most, in the order in which it is offered. */
const OFFERED: [emoji: string, key: EmojiKey][] = [
  ["👍", "thumbsUp"],
  ["👎", "thumbsDown"],
  ["❤️", "heart"],
  ["😄", "smile"],
  ["😂", "tears"],
  ["😮", "surprised"],
  ["😢", "sad"],
  ["🎉", "party"],
  ["🙏", "thanks"],
  ["👏", "clap"],
  ["🙌", "hooray"],
  ["👌", "ok"],
  ["💯", "hundred"],
  ["🔥", "fire"],
  ["🚀", "rocket"],
  ["✅", "done"],
  ["❌", "no"],
  ["❓", "question"],
  ["❗", "exclamation"],
  ["💡", "idea"],
  ["👀", "looking"],
  ["🤔", "thinking"],
  ["🤷", "shrug"],
  ["😅", "phew"],
  ["😉", "wink"],
  ["😎", "cool"],
  ["😍", "love"],
  ["🥳", "celebrating"],
  ["😱", "horror"],
  ["😭", "crying"],
  ["🤯", "mindBlown"],
  ["😴", "sleepy"],
  ["👋", "wave"],
  ["💪", "strong"],
  ["🤝", "deal"],
  ["⭐", "star"],
  ["🐛", "bug"],
  ["🧬", "dna"],
  ["🔬", "microscope"],
  ["📈", "up"],
  ["☕", "coffee"],
  ["⏳", "waiting"],
];

const catalogues: Record<string, () => Promise<EmojiWords>> = {
  de: async () => (await import("./de")).de,
  es: async () => (await import("./es")).es,
  fr: async () => (await import("./fr")).fr,
  ja: async () => (await import("./ja")).ja,
  zh: async () => (await import("./zh")).zh,
};

/**
 * The offered ones first, with words of the language and English ones; then all others, by their names at GitHub.
 *
 * @param language as `lang` has it; words of a language that do not come are the English ones.
 */
export async function emojiIn(language: string): Promise<EmojiWithWords[]> {
  const load = catalogues[language.split("-", 1)[0] ?? ""];
  const [words, { gemoji }] = await Promise.all([load?.().catch(() => undefined), import("gemoji").catch(() => ({ gemoji: [] }))]);
  const others = new Map(gemoji.map(({ emoji, names, tags }) => [emoji, [...names, ...tags].map(spaced)]));
  const offered = OFFERED.map(([emoji, key]) => {
    const own = `${words?.[key] ?? en[key]}, ${en[key]}`.split(", ");
    return { emoji, words: [...new Set([...own, ...(others.get(emoji) ?? [])])], isOffered: true };
  });
  for (const { emoji } of offered) others.delete(emoji);
  return [...offered, ...[...others].map(([emoji, words]) => ({ emoji, words, isOffered: false }))];
}

/** As it is looked for. */
function spaced(name: string): string {
  return name.replaceAll("_", " ");
}
