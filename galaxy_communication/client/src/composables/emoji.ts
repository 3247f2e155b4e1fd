/** Emoji and the words by which they are found; these are loaded when somebody looks for one. */
import { shallowRef } from "vue";

import { shownLanguage } from "../i18n";

export interface Emoji {
  emoji: string;
  name: string;
}

export interface EmojiWithWords {
  emoji: string;
  /** The first is its name. */
  words: string[];
  /** Shown without being looked for. */
  isOffered: boolean;
}

/** More are not looked at. */
const MOST = 70;

const known = shallowRef<EmojiWithWords[]>([]);
let loaded = "";

/** Those of the language that is shown, and English ones: many know emoji by these. A failure is tried again by the next. */
export async function loadEmojiWords(): Promise<void> {
  const language = shownLanguage();
  if (loaded === language) return;
  try {
    const { emojiIn } = await import("../locales/emoji/loader");
    known.value = await emojiIn(language);
    loaded = language;
  } catch {
    // an emoji itself can still be typed
  }
}

const SINGLE = /^\p{Extended_Pictographic}[\p{Emoji_Modifier}\p{Extended_Pictographic}\u200d\ufe0f]*$|^\p{Regional_Indicator}{2}$/u;

/**
 * Those whose name or other words begin with what is looked for, first those of whom it is the whole word; of nothing,
 * what is offered. An emoji itself stands for itself.
 */
export function findEmoji(wanted: string): Emoji[] {
  const begin = wanted.trim().toLocaleLowerCase();
  const found = known.value.filter((one) => (begin === "" ? one.isOffered : isCalled(one, begin)));
  if (found.length === 0 && SINGLE.test(begin)) return [{ emoji: begin, name: begin }];
  const isWhole = ({ words }: EmojiWithWords): number => Number(!words.some((word) => word.toLocaleLowerCase() === begin));
  found.sort((a, b) => isWhole(a) - isWhole(b));
  return found.slice(0, MOST).map(({ emoji, words: [name = emoji] }) => ({ emoji, name }));
}

function isCalled({ emoji, words }: EmojiWithWords, begin: string): boolean {
  return emoji === begin || words.some((word) => startsInside(word, begin));
}

function startsInside(text: string, start: string): boolean {
  return ` ${text.toLocaleLowerCase()}`.includes(` ${start}`);
}
