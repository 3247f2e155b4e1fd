/** LaTeX between `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, as in Galaxy's own pages. */
import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";

export interface Delimiters {
  open: string;
  close: string;
  display: boolean;
}

/** `$$` stands before `$`, which it begins with. */
const DELIMITERS: Delimiters[] = [
  { open: "$$", close: "$$", display: true },
  { open: "\\[", close: "\\]", display: true },
  { open: "\\(", close: "\\)", display: false },
  { open: "$", close: "$", display: false },
];
const WORD = /[\p{L}\p{N}_]/u;

export function addMath(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "math", inline);
  md.block.ruler.before("fence", "math_block", block, { alt: ["paragraph", "reference", "blockquote", "list"] });
}

function inline(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  const found = DELIMITERS.find(({ open }) => src.startsWith(open, pos));
  if (!found) return false;
  const start = pos + found.open.length;
  const end = found.open === "$" ? endOfDollars(src, pos, state.posMax) : indexOf(src, found.close, start, state.posMax);
  const content = end < 0 ? "" : src.slice(start, end);
  if (content.trim() === "") return false;
  if (!silent) {
    const token = state.push("math", "math", 0);
    token.content = content;
    token.markup = found.open;
    token.meta = { ...found };
  }
  state.pos = end + found.close.length;
  return true;
}

/** Money, and variables of a shell, are no formulas: those have no blank inside of their signs, and no word beside them. */
function endOfDollars(src: string, pos: number, max: number): number {
  if (WORD.test(src[pos - 1] ?? "") || src[pos - 1] === "$" || /\s/.test(src[pos + 1] ?? " ")) return -1;
  for (let end = indexOf(src, "$", pos + 1, max); end >= 0; end = indexOf(src, "$", end + 1, max)) {
    if (!/[\s\\]/.test(src[end - 1] ?? "") && !WORD.test(src[end + 1] ?? "")) return end;
  }
  return -1;
}

function indexOf(src: string, what: string, from: number, max: number): number {
  const found = src.indexOf(what, from);
  return found < 0 || found + what.length > max ? -1 : found;
}

/** A formula with lines of its own: as Markdown, what stands in it could be a list or a heading. */
function block(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const { src, blkIndent } = state;
  const begin = (state.bMarks[startLine] ?? 0) + (state.tShift[startLine] ?? 0);
  const found = DELIMITERS.find(({ open, display }) => display && src.startsWith(open, begin));
  if (!found || (state.sCount[startLine] ?? 0) - blkIndent >= 4) return false;
  const close = src.indexOf(found.close, begin + found.open.length);
  const last = close < 0 ? null : lineOf(state, close, startLine, endLine);
  if (last === null || src.slice(close + found.close.length, state.eMarks[last]).trim() !== "") return false;
  const lines = state.getLines(startLine, last + 1, blkIndent, false).trim();
  const content = lines.slice(found.open.length, -found.close.length);
  if (content.trim() === "") return false;
  if (silent) return true;
  const token = state.push("math_block", "math", 0);
  token.content = content;
  token.markup = found.open;
  token.map = [startLine, last + 1];
  token.meta = { ...found };
  state.line = last + 1;
  return true;
}

/** Null where the quotation or the list that the formula began in ends before. */
function lineOf(state: StateBlock, position: number, startLine: number, endLine: number): number | null {
  for (let line = startLine; line < endLine; line += 1) {
    const isOutside = (state.sCount[line] ?? 0) < state.blkIndent && !state.isEmpty(line);
    if (line > startLine && isOutside) return null;
    if (position <= (state.eMarks[line] ?? 0)) return line;
  }
  return null;
}
