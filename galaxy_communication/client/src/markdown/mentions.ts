/** `@name` of those whom a message addresses, and `@room`, made visible. */
import type { MarkdownIt, StateInline } from "markdown-it";

/** As the server reads it, which has decided who is addressed. */
const AT = /@([a-z0-9._-]{1,255})/iy;
const NOT_BEFORE = /[\p{L}\p{N}_@.]/u;

export interface Addressed {
  /** Public names in lower case, and `room`; true where the reader is meant. */
  names: ReadonlyMap<string, boolean>;
}

export function addMentions(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "mention", mention);
}

function mention(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const { names } = state.env as unknown as Addressed;
  if (src[pos] !== "@" || NOT_BEFORE.test(src[pos - 1] ?? "")) return false;
  AT.lastIndex = pos;
  const name = nameIn(AT.exec(src.slice(0, state.posMax))?.[1] ?? "", names);
  if (name === null) return false;
  if (!silent) {
    state.push("mention_open", "span", 1).attrs = [["class", names.get(name.toLowerCase()) ? "mention me" : "mention"]];
    state.push("text", "", 0).content = `@${name}`;
    state.push("mention_close", "span", -1);
  }
  state.pos += 1 + name.length;
  return true;
}

/** The longest that is addressed: a full stop may be a name's or the sentence's. */
function nameIn(written: string, names: Addressed["names"]): string | null {
  for (let name = written; name !== ""; name = name.slice(0, -1)) {
    if (names.has(name.toLowerCase())) return name;
    if (!/[._-]$/.test(name)) return null;
  }
  return null;
}
