/** The beginning of a text, at most so many characters, not cut within a word if that can be. */
export function shortened(text: string, longest: number): string {
  const characters = Array.from(text);
  if (characters.length <= longest) return text;
  const cut = characters.slice(0, longest - 1).join("");
  return `${cut.replace(/\s\S{0,20}$/, "").trimEnd()}…`;
}
