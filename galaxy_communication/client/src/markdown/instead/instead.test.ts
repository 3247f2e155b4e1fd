// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { decodeHTMLStrict } from "./entities";
import { LinkifyIt } from "./linkify-it";

const linkify = new LinkifyIt();

describe("names of characters", () => {
  it.each([
    ["&copy;", "©"],
    ["&CounterClockwiseContourIntegral;", "∳"],
    ["&NotEqualTilde;", "≂̸"],
    ["&lt;", "<"],
    ["&semi;", ";"],
    ["&notit;", "&notit;"],
    ["&nosuch;", "&nosuch;"],
    ["&copyright;", "&copyright;"],
  ])("%s", (reference, expected) => {
    expect(decodeHTMLStrict(reference)).toBe(expected);
  });
});

describe("addresses", () => {
  const found = (text: string) => linkify.match(text).map(({ url }) => url);

  it.each([
    ["https://a.org/x?y=1&z=(2), and", "https://a.org/x?y=1&z=(2)"],
    ["(see http://a.org.)", "http://a.org"],
    ["(https://en.wikipedia.org/wiki/Foo_(bar))", "https://en.wikipedia.org/wiki/Foo_(bar)"],
    ['"https://a.org/x"', "https://a.org/x"],
    ["https://a.org/x…", "https://a.org/x"],
    ["详见https://a.org/路径。下一句", ""],
    ["详见 https://a.org/路径。下一句", "https://a.org/路径"],
    ["http://localhost:8080 http://[::1]:80/", "http://localhost:8080 http://[::1]:80/"],
    ["HTTPS://münchen.de/ü?a|b", "HTTPS://münchen.de/ü?a|b"],
    ["https://a.org/#x:y!", "https://a.org/#x:y"],
    ["Ada.L+x@d-e.co.uk! mailto:ben@b.org", "mailto:Ada.L+x@d-e.co.uk mailto:ben@b.org"],
    ["xhttps://a.org https:// x@y ada@b.c1 a.org //a.org ftp://a.org", ""],
  ])("%s", (text, expected) => {
    expect(found(text).join(" ")).toBe(expected);
    expect(linkify.test(text)).toBe(expected !== "");
  });

  it("are told with their place", () => {
    expect(linkify.match("ask ada@a.org.")).toEqual([
      { schema: "mailto:", index: 4, lastIndex: 13, text: "ada@a.org", url: "mailto:ada@a.org" },
    ]);
  });

  it("are found quickly, or quickly not", () => {
    for (const piece of ["a@", "https://", "https://a", "a.", "a@b.", "(", "https://a.org/(", "!", "https://a.org/!", "a-", "+"]) {
      const start = performance.now();
      linkify.match(`${piece.repeat(6000 / piece.length)}@`);
      linkify.matchAtStart(`https://a.org/${piece.repeat(6000 / piece.length)}`);
      expect(performance.now() - start, piece).toBeLessThan(500);
    }
  });
});
