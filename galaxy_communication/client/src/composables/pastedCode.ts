/**
 * Whether several lines are code, so that they become a block when they are pasted. Prose must never be taken for code, and
 * what is taken wrongly is one key away from what it was. So there are lines that nobody writes in prose, at least two of
 * them (or one, with an indented one), and they and what is indented are most of the text.
 */

/** Lines that no prose has. */
const CODE_LINES = [
  /^\s*[\w.-]+@[\w.-]+(:\S*)?\s?[$#%]\s/, // a shell's prompt
  /^\s*(\$|>>>|\.\.\.|In \[\d+\]:)\s+\S/,
  /^\s*(#!\/|#include\s*[<"]|\/\/|\/\*|<!--|--\s*\w+.*;$)/,
  /^Traceback \(most recent call last\):/,
  /^\s+File ".+", line \d+/,
  /^\s+at \S+.*(\(.*\)|:\d+)$/, // JavaScript, Java
  /^\s*\w*(\.\w+)*(Error|Exception)(: |$)/,
  /^\s*(def|class|async def|function|func|fn|struct|interface|export|public|private|static)\s.*[({:;]\s*$/,
  /^\s*(const|let|var|local|my)\s+[$@%\w[{].*=/,
  /^\s*(import\s+[\w.{*"'][^.!?]*|from\s+[\w.]+\s+import\s.+|using\s+[\w.:]+;|library\(\w+\)|require\(.*\);?)$/,
  /^\s*(if|elif|else|for|while|try|except|finally|with|case|switch|do|then|fi|done|esac|end|return)\b.*([({:;]|\bdo|\bthen)\s*$/,
  /^\s*(return|yield|raise|throw)\s+[\w("'[{].*[)\]}\w;]$/,
  /^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|FROM|WHERE)\s\S/,
  /^\s*[\w.$[\]"']+\s*(=|\+=|-=|:=|<-|=>)\s*\S/, // an assignment
  /^\s*[\w.$:]+\([^)]*\)\s*[;{]?\s*$/, // a call
  /^\s*["'][\w .-]+["']\s*:\s*\S.*$/, // JSON
  /^\s*<\/?[a-zA-Z][\w:-]*(\s[^<>]*)?\/?>/, // markup
  /^\s*[{}[\]()]+[;,]?\s*$/,
  /[({[=].*[;{]\s*$|^\s*[)}\]].*[;{]\s*$/,
  /^[^\t]+\t[^\t]/, // a table
];
const SEQUENCE = /^([ACGTUNacgtun]{20,}|[A-Z][A-Z*-]{29,})$/;
/** Of a sequence; alone it could be a quotation. */
const HEADER = /^>\S/;
const FENCE = /^\s*(```|~~~)/;
const INDENTED = /^(\t| {2,})\S/;
const LIST = /^\s*([-*+•]|\d+[.)])\s/;

/** Lines, and characters of each, that are looked at: enough to tell, and quick for what is large. */
const [MOST_LINES, MOST_CHARACTERS] = [200, 300];

export function looksLikeCode(text: string): boolean {
  const all = text.split(/\r?\n/, MOST_LINES).map((line) => line.slice(0, MOST_CHARACTERS));
  const lines = all.filter((line) => line.trim() !== "");
  if (lines.length < 2 || lines.some((line) => FENCE.test(line))) return false;
  const code = lines.filter((line, place) => isCode(line, lines[place + 1])).length;
  const indented = lines.filter((line, place) => isIndented(line) && !isCode(line, lines[place + 1])).length;
  return (code >= 2 || (code === 1 && indented >= 1)) && code + indented > lines.length / 2;
}

function isCode(line: string, next = ""): boolean {
  if (LIST.test(line)) return false;
  return SEQUENCE.test(line) || (HEADER.test(line) && SEQUENCE.test(next)) || CODE_LINES.some((mark) => mark.test(line));
}

function isIndented(line: string): boolean {
  return INDENTED.test(line) && !LIST.test(line);
}

/** In a block that nothing in it ends. */
export function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([marks]) => marks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${code.replace(/\r\n?/g, "\n").replace(/^\n+|\s+$/g, "")}\n${fence}`;
}
