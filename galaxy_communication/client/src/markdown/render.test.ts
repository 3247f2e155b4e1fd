// @vitest-environment jsdom
import katex from "katex";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import hostile from "../../tests/hostile.json";
import { alice, bob } from "../../tests/samples";
import { createRenderer, type Surroundings } from "./render";

const render = createRenderer("/galaxy/");

function shown(source: string, parts: Partial<Surroundings> = {}): HTMLElement {
  const place = document.createElement("div");
  place.append(render(source, { mentions: [], mentionsRoom: false, myId: alice.id, katex: null, ...parts }).content);
  return place;
}

const html = (source: string, parts?: Partial<Surroundings>): string => shown(source, parts).innerHTML;

const ELEMENTS = new Set(
  ("p br hr strong em s code pre blockquote ul ol li h4 h5 h6 a span div table thead tbody tr th td math mi mo mn mrow msup msub " +
    "msubsup mfrac mtext mspace mstyle mtable mtr mtd munder mover munderover msqrt mroot mpadded mphantom menclose ms semantics").split(" "),
);
const ATTRIBUTES = /^(href|class|start|target|rel|(math|script|display|column|row|accent|min|max)\w*|width|height|depth|voffset|stretchy|fence|separator|lspace|rspace|notation|linethickness|movablelimits|symmetric|largeop|form)$/;
const CLASSES = /^(language-[\w+#.-]+|mention|me|math|display|table|align-\w+)$/;

/** Nothing but what a message may consist of; also after what browsers do to markup when it is copied. */
function expectHarmless(place: HTMLElement): void {
  const copy = document.createElement("div");
  copy.innerHTML = place.innerHTML;
  for (const element of [...place.querySelectorAll("*"), ...copy.querySelectorAll("*")]) {
    expect(ELEMENTS, element.outerHTML).toContain(element.localName);
    for (const { name } of element.attributes) expect(name, element.outerHTML).toMatch(ATTRIBUTES);
    for (const name of element.classList) expect(name).toMatch(CLASSES);
    const href = element.getAttribute("href");
    if (href !== null) expect(href).toMatch(/^(https?:\/\/|mailto:)/);
    if (href !== null) expect(element.localName).toBe("a");
  }
}

describe("what is hostile", () => {
  it.each(hostile)("is harmless: %s", (source) => {
    for (const formulas of [null, katex]) expectHarmless(shown(source, { mentions: [bob], mentionsRoom: true, katex: formulas }));
  });

  it("is harmless in every combination", () => {
    const pieces = [..."<>\"'`*_~[]()!#|-\\$&%@ \n\t:/;=", "%3C", "&lt;", "javascript:", "script", "onerror=", "style=", "https://a.org", "@bob", "```", "$$", "\\(", "\\]", "\n\n", "<img src=x ", "<math>", "<!--"];
    const part = fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...hostile), fc.string({ maxLength: 8 }));
    const text = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.boolean(), (source, withMath) => {
        expectHarmless(shown(source, { mentions: [bob], mentionsRoom: true, katex: withMath ? katex : null }));
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("is quick, however it is nested", () => {
    const nested = ["[", "![", "**a*", "> ", "`", "``` `", "$a ", "$$", "\\(", "<", "_*", "|a", "[](", "@bob ", "~~", "- ", "&", "$\\frac{", "a@b.c", "://", "[[a](", "*a_"];
    for (const piece of nested) {
      const source = piece.repeat(6000 / piece.length);
      const start = performance.now();
      expectHarmless(shown(source, { mentions: [bob], katex }));
      expect(performance.now() - start, piece).toBeLessThan(3_000);
    }
  }, 60_000);
});

describe("text", () => {
  it.each([
    ["**bold** _it_ ~~gone~~ `x<y`", "<p><strong>bold</strong> <em>it</em> <s>gone</s> <code>x&lt;y</code></p>"],
    ["one\ntwo", "<p>one<br>\ntwo</p>"],
    ["# Large", "<h4>Large</h4>"],
    ["###### Small", "<h6>Small</h6>"],
    ["3. x\n4. y", '<ol start="3"><li>x</li><li>y</li></ol>'],
    ["> quoted", "<blockquote><p>quoted</p></blockquote>"],
    ["```python\nif x < y:\n```", '<pre><code class="language-python">if x &lt; y:\n</code></pre>'],
    ["<b>no</b> &copy; %3Cb%3E", "<p>&lt;b&gt;no&lt;/b&gt; © %3Cb%3E</p>"],
  ])("%j", (source, expected) => {
    expect(html(source)).toBe(expected);
  });

  it("has tables, whose columns may be aligned", () => {
    const table = shown("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect([...table.querySelectorAll("th, td")].map(({ textContent, className }) => textContent + className)).toEqual([
      "a",
      "balign-right",
      "1",
      "2align-right",
    ]);
    expect(table.firstElementChild?.className).toBe("table");
  });
});

describe("links", () => {
  const links = (source: string) => [...shown(source).querySelectorAll("a")].map((link) => [link.textContent, link.href]);

  it("open elsewhere, and take nothing along", () => {
    const [link] = shown("[a](https://a.org)").querySelectorAll("a");
    expect([link?.target, link?.rel]).toEqual(["_blank", "noopener noreferrer nofollow"]);
  });

  it.each([
    ["https://a.org/x?y=1&z=(2), and", [["https://a.org/x?y=1&z=(2)", "https://a.org/x?y=1&z=(2)"]]],
    ["(see http://a.org.)", [["http://a.org", "http://a.org/"]]],
    ["ask ada@a.org", [["ada@a.org", "mailto:ada@a.org"]]],
    ["[h](/galaxy/histories) [w](workflows/list)", [["h", "http://localhost:3000/galaxy/histories"], ["w", "http://localhost:3000/galaxy/workflows/list"]]],
    ["run.py main.rs a.org ftp://a.org //a.org", []],
    ["`https://a.org`", []],
  ])("are found: %s", (source, expected) => {
    expect(links(source)).toEqual(expected);
  });

  it("stand where pictures were wanted", () => {
    expect(links("![a plot](https://a.org/x.png) ![](https://a.org/y.png)")).toEqual([
      ["a plot", "https://a.org/x.png"],
      ["https://a.org/y.png", "https://a.org/y.png"],
    ]);
    expect(links("[![a plot](https://a.org/x.png)](https://b.org)")).toEqual([["a plot", "https://b.org/"]]);
  });
});

describe("mentions", () => {
  const dotted = { ...bob, id: "d", username: "d.r_x-" };
  const mentions = (source: string) =>
    [...shown(source, { mentions: [alice, bob, dotted], mentionsRoom: true }).querySelectorAll(".mention")].map(
      ({ textContent, className }) => `${textContent}${className.includes("me ") || className.endsWith(" me") ? " (me)" : ""}`,
    );

  it.each([
    ["@bob, @Bob. and (@alice)!", ["@bob", "@Bob", "@alice (me)"]],
    ["@room: **@bob** look", ["@room (me)", "@bob"]],
    ["@d.r_x-, @d.r_x-.", ["@d.r_x-", "@d.r_x-"]],
    ["@bobby bob@bob @@bob @carol `@bob`", []],
    ["```\n@bob\n```\nhttps://a.org/@bob", []],
  ])("%s", (source, expected) => {
    expect(mentions(source)).toEqual(expected);
  });

  it("are those of the server: who is not in the room, or was addressed by somebody who may not, is none", () => {
    expect(html("@bob @room")).toBe("<p>@bob @room</p>");
  });
});

describe("formulas", () => {
  const formulas = (source: string) => [...shown(source, { katex }).querySelectorAll("math")].map(({ textContent }) => textContent);

  it.each([
    ["$x^2$, $$y$$, \\(z\\) and \\[w\\]", ["x2", "y", "z", "w"]],
    ["$$\n- a\n\n= b\n$$\nand", ["−a=b"]],
    ["> $$a\n> b$$", ["ab"]],
    ["- \\[a\\]\n- $$\n  b\n  $$\n- $$c\nd$$", ["a", "b", "cd"]],
    ["> $$\n\n$$", []],
    ["$5 and $10, US$3 or 4$, $HOME/bin:$PATH", []],
    ["`$x$` \\$x$ $ x $ $$ $$", []],
    ["```\n$$\nx\n$$\n```", []],
  ])("%j", (source, expected) => {
    expect(formulas(source)).toEqual(expected);
  });

  it("are shown as they were written until they can be set, and where they are wrong", () => {
    const { content, hasMath } = render("$a<b$", { mentions: [], mentionsRoom: false, myId: null, katex: null });
    expect([content.textContent, hasMath]).toEqual(["$a<b$", true]);
    expect(shown("$\\frac{$ $a_b^{c$", { katex }).textContent).toBe("$\\frac{$ $a_b^{c$");
    expect(html("\\[\\undefined\\]", { katex })).toBe("<p>\\[\\undefined\\]</p>\n".trim());
  });

  it("show what they mean and nothing for programs", () => {
    expect(shown("$$\\frac{a}{b}$$", { katex }).textContent).toBe("ab");
    expect(html("$$x$$", { katex })).toContain('<span class="math display"><math display="block">');
  });

  it("define nothing for each other, and end", () => {
    expect(shown("$\\gdef\\x{a}\\x$ $\\x$", { katex }).textContent).toBe("a $\\x$");
    expect(shown("$\\def\\x{\\x\\x}\\x$", { katex }).textContent).toContain("\\def");
  });
});
