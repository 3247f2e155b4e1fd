import { t } from "../i18n";
import type { Key } from "../locales/en";

/** What people react with most, in the order in which it is offered. */
const OFFERED = {
  "👍": "emoji.thumbsUp",
  "👎": "emoji.thumbsDown",
  "❤️": "emoji.heart",
  "😄": "emoji.smile",
  "😂": "emoji.tears",
  "😮": "emoji.surprised",
  "😢": "emoji.sad",
  "🎉": "emoji.party",
  "🙏": "emoji.thanks",
  "👏": "emoji.clap",
  "🙌": "emoji.hooray",
  "👌": "emoji.ok",
  "💯": "emoji.hundred",
  "🔥": "emoji.fire",
  "🚀": "emoji.rocket",
  "✅": "emoji.done",
  "❌": "emoji.no",
  "❓": "emoji.question",
  "❗": "emoji.exclamation",
  "💡": "emoji.idea",
  "👀": "emoji.looking",
  "🤔": "emoji.thinking",
  "🤷": "emoji.shrug",
  "😅": "emoji.phew",
  "😉": "emoji.wink",
  "😎": "emoji.cool",
  "😍": "emoji.love",
  "🥳": "emoji.celebrating",
  "😱": "emoji.horror",
  "😭": "emoji.crying",
  "🤯": "emoji.mindBlown",
  "😴": "emoji.sleepy",
  "👋": "emoji.wave",
  "💪": "emoji.strong",
  "🤝": "emoji.deal",
  "⭐": "emoji.star",
  "🐛": "emoji.bug",
  "🧬": "emoji.dna",
  "🔬": "emoji.microscope",
  "📈": "emoji.up",
  "☕": "emoji.coffee",
  "⏳": "emoji.waiting",
} as const satisfies Record<string, Key>;

export interface Emoji {
  emoji: string;
  name: string;
}

const SINGLE = /^\p{Extended_Pictographic}[\p{Emoji_Modifier}\p{Extended_Pictographic}\u200d\ufe0f]*$|^\p{Regional_Indicator}{2}$/u;

/** Those whose name or other words begin with what is looked for; an emoji itself stands for itself. */
export function findEmoji(wanted: string): Emoji[] {
  const words = wanted.trim().toLocaleLowerCase();
  const known = Object.entries(OFFERED).map(([emoji, key]) => ({ emoji, words: t(key).split(", ") }));
  const found = known.filter((one) => one.emoji === words || one.words.some((word) => startsInside(word, words)));
  if (found.length === 0 && SINGLE.test(words)) return [{ emoji: words, name: words }];
  return found.map(({ emoji, words: [name = emoji] }) => ({ emoji, name }));
}

function startsInside(text: string, start: string): boolean {
  return ` ${text.toLocaleLowerCase()}`.includes(` ${start}`);
}
