/** The only way from markup to elements: an allow-list, whatever made the markup. */
import createPurifier, { type Config } from "dompurify";

import { safeAddress } from "./links";

const HTML = "p br hr strong em s code pre blockquote ul ol li h4 h5 h6 a span div table thead tbody tr th td";
const MATHML =
  "math menclose merror mfrac mglyph mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt " +
  "mstyle msub msubsup msup mtable mtd mtext mtr munder munderover";
const MATHML_ATTRIBUTES =
  "accent accentunder columnalign columnlines columnspacing depth display displaystyle fence form height largeop linethickness " +
  "lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation rowlines rowspacing rspace " +
  "scriptlevel separator stretchy symmetric voffset width";

const CONFIG: Config = {
  ALLOWED_TAGS: `${HTML} ${MATHML}`.split(" "),
  ALLOWED_ATTR: `href class start target rel ${MATHML_ATTRIBUTES}`.split(" "),
  // KaTeX repeats the source in an element for programs. It would show, were only its tags removed.
  ADD_FORBID_CONTENTS: ["annotation", "annotation-xml"],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};
/** What the style sheet knows and nothing else: the classes of the chat's own buttons are not for messages. */
const CLASSES = /^(?:language-[\w+#.-]{1,40}|mention|me|math|display|table|align-(?:left|center|right))$/;

export type Sanitise = (markup: string) => DocumentFragment;

/** @param root Galaxy's root, with a slash at its end. */
export function createSanitiser(root: string): Sanitise {
  const purifier = createPurifier(window);
  if (!purifier.isSupported) throw new Error("DOMPurify cannot work here, and would let everything through");
  purifier.addHook("uponSanitizeAttribute", (_element, attribute) => {
    if (attribute.attrName !== "class") return;
    attribute.attrValue = attribute.attrValue
      .split(/\s+/)
      .filter((name) => CLASSES.test(name))
      .join(" ");
    attribute.keepAttr = attribute.attrValue !== "";
  });
  purifier.addHook("afterSanitizeAttributes", (element) => {
    if (element.nodeName === "A") guardLink(element, root);
    else for (const name of ["href", "target", "rel"]) element.removeAttribute(name);
  });
  return (markup) => purifier.sanitize(markup, { ...CONFIG, RETURN_DOM_FRAGMENT: true });
}

/** What was checked is what is there: the address as the browser has parsed it. */
function guardLink(link: Element, root: string): void {
  const given = link.getAttribute("href");
  const address = given === null ? null : safeAddress(given, root);
  for (const { name } of [...link.attributes]) link.removeAttribute(name);
  if (address === null) return;
  link.setAttribute("href", address);
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer nofollow");
}
