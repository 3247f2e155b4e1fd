import { expect, it } from "vitest";

import { splitLinks } from "./links";

const marked = (text: string): string =>
  splitLinks(text)
    .map((segment) => (segment.href ? `<${segment.text}>` : segment.text))
    .join("");

it.each([
  ["see https://usegalaxy.org/tools.", "see <https://usegalaxy.org/tools>."],
  ["(https://en.wikipedia.org/wiki/BLAST_(biotechnology))", "(<https://en.wikipedia.org/wiki/BLAST_(biotechnology)>)"],
  ["https://a.org, http://b.org!", "<https://a.org>, <http://b.org>!"],
  ["a\n https://a.org/?q=1&r=2#x\n", "a\n <https://a.org/?q=1&r=2#x>\n"],
  ["javascript:alert(1) ftp://a.org https://", "javascript:alert(1) ftp://a.org https://"],
  ['"https://a.org"><img src=x>', '"<https://a.org>"><img src=x>'],
])("%j", (text, expected) => {
  expect(marked(text)).toBe(expected);
  expect(
    splitLinks(text)
      .map((segment) => segment.text)
      .join(""),
  ).toBe(text);
});
