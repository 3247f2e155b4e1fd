import type { Key } from "./en";

/** One for each form that the language's plural rules ask for; where one is missing, `other` stands for it. */
export type Plurals = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plurals;

/** A language, complete: the type check names each text that is missing. */
export type Translation = Record<Key, Text>;
