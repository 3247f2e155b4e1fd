import { describe, expect, it } from "vitest";

import { excerpt } from "./marks";

const marked = (text: string, ...terms: string[]): string =>
  excerpt(text, terms).map(({ text: part, isHit }) => (isHit ? `[${part}]` : part)).join("");

describe("words that were found", () => {
  it.each([
    ["Run FastQC first", ["fastqc"], "Run [FastQC] first"],
    ["by its beginning: alignment", ["align"], "by its beginning: [alignment]"],
    ["not in the middle: realign", ["align"], "not in the middle: realign"],
    ["a phrase as a whole, not a part: a whole lot", ["a whole"], "a phrase as [a whole], not a part: [a whole] lot"],
    ["a phrase not by its beginning: red bluebells", ["red blue"], "a phrase not by its beginning: red bluebells"],
    ["accents: Café, größer", ["cafe", "Größer"], "accents: [Café], [größer]"],
    ["SARS-CoV-2 genomes", ["sars-cov"], "[SARS-CoV]-2 genomes"],
    ["one two one", ["one", "two"], "[one] [two] [one]"],
    ["overlap: two words here", ["two words", "words"], "overlap: [two words] here"],
    ["<b>bold</b> & more", ["bold"], "<b>[bold]</b> & more"],
    ["nothing", ["else"], "nothing"],
    ["## In **bold**, `code` and\n```\nblocks of code\n```", ["bold", "code"], "In [bold], [code] and blocks of [code]"],
  ])("%s", (text, terms, expected) => {
    expect(marked(text, ...terms)).toBe(expected);
  });
});

describe("a long text", () => {
  const filler = "word ".repeat(200);

  it("is in one line, around the first hit", () => {
    const shown = marked(`${filler}\n\n  needle\n${filler}`, "needle");
    expect(shown).toMatch(/^…(word )+\[needle\] (word )+/);
    expect(shown).toMatch(/ word…$/);
    expect(shown.length).toBeLessThan(200);
  });

  it("begins at its beginning where the hit is near", () => {
    expect(marked(`The needle ${filler}`, "needle")).toMatch(/^The \[needle\] word/);
    expect(marked(`${filler}needle`, "needle")).toMatch(/word \[needle\]$/);
  });

  it("without blanks is cut, but no character is", () => {
    for (const length of [299, 300]) {
      const text = "🧬".repeat(length);
      const shown = marked(`${text} needle ${text}`, "needle");
      expect(shown).toContain("needle");
      expect(shown).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
    }
  });
});
