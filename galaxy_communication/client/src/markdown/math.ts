/** LaTeX between `$…$`, `$$…$$`, `\(…\)` and `\[…\]`, as in Galaxy's own pages. */
import type { Katex } from "./loader";
import type { Env, MarkdownIt, StateBlock, StateInline, Token } from "markdown-it";

interface Delimiters {
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

/**
 * Size and expansion are bounded: a message must not cover others, nor keep the browser busy. What was defined in one
 * formula is unknown in the next.
 */
const OPTIONS = { output: "mathml", throwOnError: true, strict: "ignore", trust: false, maxSize: 10, maxExpand: 200 } as const;

export function addMath(md: MarkdownIt): void {
  md.inline.ruler.before("escape", "math", inline);
  md.block.ruler.before("fence", "math_block", block, { alt: ["paragraph", "reference", "blockquote", "list"] });
  md.renderer.rules["math"] = (tokens, index, _options, env) => render(md, tokens[index], env);
  md.renderer.rules["math_block"] = (tokens, index, _options, env) => `<p>${render(md, tokens[index], env)}</p>\n`;
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

/** Until KaTeX is there, and where it does not understand it, a formula is shown as it was written. */
function render(md: MarkdownIt, token: Token | undefined, env: Env | undefined): string {
  const { content, meta } = token as Token;
  const { open, close, display } = meta as unknown as Delimiters;
  if (env) env["hasMath"] = true;
  const formula = typeset(env?.["katex"] as Katex | null, content, display);
  if (formula === null) return md.utils.escapeHtml(open + content + close);
  return `<span class="${display ? "math display" : "math"}">${formula}</span>`;
}

function typeset(katex: Katex | null, content: string, display: boolean): string | null {
  try {
    return katex?.renderToString(content.trim(), { ...OPTIONS, displayMode: display }) ?? null;
  } catch {
    return null;
  }
}
