/** What completes a word in a text box: names after an `@`, emoji after a `:`. */
import type { User } from "../api/wire";

export interface CompletionOption {
  /** What takes the place of what was typed. */
  text: string;
  label: string;
  /** Said beside it. */
  hint?: string;
  /** Whose picture stands before it, or which emoji; a group of people else. */
  user?: User;
  emoji?: string;
}

/** The word that one is writing. */
export interface Unfinished {
  /** Where it begins in the text, with the sign that says of what kind it is. */
  start: number;
  /** What there is of it after the sign, in small letters. */
  query: string;
}

export interface CompletionSource {
  /** What there is to choose, for `aria-label`. */
  title: () => string;
  /** @param before the text up to the caret. */
  find: (before: string) => Unfinished | null;
  /** Read while something is shown; may change when an answer arrives. */
  options: (query: string) => CompletionOption[];
  /** Asks for what is not there yet. */
  ask: (query: string) => void;
  stop?: () => void;
  /** Whether there is nothing to complete, so that Enter means what it always means. */
  isWritten: (option: CompletionOption, query: string) => boolean;
}

/** Whether a block of code is open at the end of the text: there, signs are only signs. */
export function isInFence(before: string): boolean {
  let fence: string | null = null;
  for (const [, marks = ""] of before.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (fence === null) fence = marks;
    else if (marks.startsWith(fence)) fence = null;
  }
  return fence !== null;
}
