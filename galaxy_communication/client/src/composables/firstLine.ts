const FENCE = /^\s*(```|~~~|\$\$)\S*\s*$/;
const BLOCK_MARKS = /^\s*(#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)+/;

/** What stands for a message where there is space for one line only: its first that says something, without its marks. */
export function firstLine(source: string): string {
  const lines = source.split("\n").filter((line) => !FENCE.test(line));
  const line = lines.map((one) => one.replace(BLOCK_MARKS, "").trim()).find((one) => one !== "");
  return (line ?? source.trim()).replace(/(\*\*|__|~~|`)([^`]+?)\1/g, "$2");
}
