const FENCE = /^\s*(```|~~~|\$\$)\S*\s*$/;
const BLOCK_MARKS = /^\s*(#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)+/;

/** What stands for a message where there is space for one line only: its first that says something, without its marks. */
export function firstLine(source: string): string {
  const lines = source.split("\n").filter((line) => !FENCE.test(line));
  const line = lines.map((one) => one.replace(BLOCK_MARKS, "").trim()).find((one) => one !== "");
  return withoutInlineMarks(line ?? source.trim());
}

/** All of it, in one line. */
export function oneLine(source: string): string {
  const lines = source.split("\n").filter((line) => !FENCE.test(line));
  const text = lines.map((line) => line.replace(BLOCK_MARKS, "")).join(" ");
  return withoutInlineMarks(text).replace(/\s+/g, " ").trim();
}

function withoutInlineMarks(text: string): string {
  return text.replace(/(\*\*|__|~~|`)([^`]+?)\1/g, "$2");
}
