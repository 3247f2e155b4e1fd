/** From Markdown's tokens to elements. No markup is made on the way, so nothing that people write can become any. */
import type { Env, MarkdownIt, Token } from "markdown-it";

import { safeAddress } from "./links";

/** What a message may consist of, whatever made the tokens; anything else is left out. */
const TAGS = new Set("p br hr strong em s code pre blockquote ul ol li h4 h5 h6 a span div table thead tbody tr th td".split(" "));
/** What the style sheet knows and nothing else: the classes of the chat's own buttons are not for messages. */
const CLASS = /^(?:language-[\w+#.-]{1,40}|mention|me|table|align-(?:left|center|right))$/;

/** Of a kind of token, by its type. */
export type Rules = Record<string, (token: Token, env: Env) => Node>;

/**
 * @param root Galaxy's root, with a slash at its end.
 * @param rules of tokens with more to them than a tag.
 */
export function createBuilder(md: MarkdownIt, root: string, rules: Rules): (tokens: Token[], env: Env) => DocumentFragment {
  const own: Rules = {
    text: ({ content }) => document.createTextNode(content),
    softbreak: lineBreak,
    hardbreak: lineBreak,
    code_inline: ({ content }) => holding("code", content),
    code_block: ({ content }) => holding("pre", holding("code", content)),
    fence({ content, info }) {
      const code = holding("code", content);
      setClass(code, `language-${/^\S*/.exec(md.utils.unescapeAll(info).trim())?.[0]}`);
      return holding("pre", code);
    },
    ...rules,
  };

  return function build(tokens, env) {
    const content = document.createDocumentFragment();
    const places: Node[] = [content];
    for (const token of tokens.flatMap((each) => (each.type === "inline" ? (each.children ?? []) : [each]))) {
      if (token.hidden) continue;
      if (token.nesting < 0) {
        places.pop();
        continue;
      }
      const node = own[token.type]?.(token, env) ?? element(token, root);
      places.at(-1)?.appendChild(node);
      if (token.nesting > 0) places.push(node);
    }
    return content;
  };
}

function element(token: Token, root: string): Node {
  if (!TAGS.has(token.tag)) return document.createDocumentFragment();
  const made = document.createElement(token.tag);
  if (made.localName === "a") addLink(made, String(token.attrGet("href") ?? ""), root);
  if (made.localName === "ol" && token.attrGet("start") !== null) made.setAttribute("start", String(token.attrGet("start")));
  setClass(made, String(token.attrGet("class") ?? ""));
  return made;
}

/** What was checked is what is there: the address as the browser has parsed it. */
function addLink(link: Element, given: string, root: string): void {
  const address = safeAddress(given, root);
  if (address === null) return;
  link.setAttribute("href", address);
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", "noopener noreferrer nofollow");
}

function setClass(made: Element, names: string): void {
  const known = names.split(/\s+/).filter((name) => CLASS.test(name));
  if (known.length > 0) made.className = known.join(" ");
}

/** With the line's end that is copied, and read by programs. */
function lineBreak(): Node {
  const content = document.createDocumentFragment();
  content.append(document.createElement("br"), "\n");
  return content;
}

export function holding(tag: string, content: Node | string): Element {
  const made = document.createElement(tag);
  made.append(content);
  return made;
}
