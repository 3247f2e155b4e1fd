/** Completes emoji by their names. */
import { t } from "../i18n";
import type { CompletionSource, Unfinished } from "./completion";
import { findEmoji, loadEmojiWords } from "./emoji";

const MOST = 8;
/**
 * A name of two letters at least, or one Chinese character. Times (12:30), addresses (http:) and `std::vector` have something
 * before the colon; the smile :) and its relatives :D :-) have no two letters behind it. Blanks are written as `_`.
 */
const UNFINISHED = /(?<![\p{L}\p{N}_:;/)\]}>"'])(:)([\p{L}\p{N}+-][\p{L}\p{M}\p{N}_+-]+|\p{Script=Han})$/u;

export function unfinishedEmoji(text: string): Unfinished | null {
  const match = UNFINISHED.exec(text);
  return match && { start: match.index, query: (match[2] ?? "").toLocaleLowerCase().replaceAll("_", " ") };
}

export const emojiSource: CompletionSource = {
  title: () => t("emoji.choice"),
  find: unfinishedEmoji,
  options: (query) =>
    findEmoji(query)
      .slice(0, MOST)
      .map(({ emoji, name }) => ({ text: emoji, label: name, emoji })),
  ask: () => void loadEmojiWords(),
  isWritten: () => false,
};
