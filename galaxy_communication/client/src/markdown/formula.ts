/** Formulas, set by KaTeX. */
import type { Env, Token } from "markdown-it";

import type { Katex } from "./loader";
import type { Delimiters } from "./math";

/**
 * Size and expansion are bounded: a message must not cover others, nor keep the browser busy. What was defined in one
 * formula is unknown in the next.
 */
const OPTIONS = { output: "mathml", throwOnError: true, strict: "ignore", trust: false, maxSize: 10, maxExpand: 200 } as const;

/** What a formula may consist of, whatever KaTeX makes of it. */
const ELEMENTS = new Set(
  (
    "math menclose merror mfrac mglyph mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt " +
    "mstyle msub msubsup msup mtable mtd mtext mtr munder munderover semantics"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop linethickness " +
    "lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace " +
    "scriptlevel separator stretchy symmetric voffset width"
  ).split(" "),
);

/** Until KaTeX is there, and where it does not understand it, a formula is shown as it was written. */
export function formula({ content, meta }: Token, env: Env): Node {
  const { open, close, display } = meta as unknown as Delimiters;
  env["hasMath"] = true;
  const set = typeset(env["katex"] as Katex | null, content, display);
  if (!set) return document.createTextNode(open + content + close);
  const place = document.createElement("span");
  place.className = display ? "math display" : "math";
  place.append(set);
  return place;
}

function typeset(katex: Katex | null, content: string, display: boolean): Element | null {
  const place = document.createElement("span");
  try {
    katex?.render(content.trim(), place, { ...OPTIONS, displayMode: display });
  } catch {
    return null;
  }
  for (const element of place.querySelectorAll("math *, math")) tame(element);
  return place.querySelector("math");
}

/** KaTeX repeats the source in an element for programs, the annotation; with the rest of what is not listed, it goes. */
function tame(element: Element): void {
  if (!ELEMENTS.has(element.localName)) element.remove();
  for (const { name } of [...element.attributes]) if (!ATTRIBUTES.has(name)) element.removeAttribute(name);
}
