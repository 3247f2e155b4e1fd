import type { Key } from "./en";

/** One for each form that the language's plural rules ask for; where one is missing, `other` stands for it. */
export type Plurals = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plurals;

type EmojiText = `emoji.${"title" | "search" | "choice" | "none"}`;
type EmojiKey = Exclude<Extract<Key, `emoji.${string}`>, EmojiText>;
/** The words by which emoji are found, separated by commas: catalogues of their own, in `emoji/`. */
export type EmojiWords = Record<EmojiKey, string>;

/** A language, complete: the type check names each text that is missing. */
export type Translation = Record<Exclude<Key, EmojiKey>, Text>;
