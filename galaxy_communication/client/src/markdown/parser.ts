/** Markdown as people write it in chats: no HTML, no pictures, every line break kept, modest headings. */
import createMarkdownIt, { type MarkdownIt, type StateCore, type Token } from "markdown-it";

import { addMath } from "./math";
import { addMentions } from "./mentions";

/** A message stands below the headings of its surroundings. */
const SMALLEST_HEADING = 6;
const HEADINGS_ABOVE = 3;

/** @param isAllowed whether a link may lead to this address; what else looks like a link stays text. */
export function createParser(isAllowed: (address: string) => boolean): MarkdownIt {
  const md = createMarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
  md.validateLink = isAllowed;
  md.normalizeLink = (address) => address;
  md.normalizeLinkText = readable;
  addMath(md);
  addMentions(md);
  md.core.ruler.push("tame", tame);
  return md;
}

/** An address as one reads it; what has a meaning in addresses stays escaped. */
function readable(address: string): string {
  return address.replace(/(?:%[\da-f]{2})+/gi, (escaped) => {
    try {
      return decodeURI(escaped.replaceAll("%25", "%2525"));
    } catch {
      return escaped;
    }
  });
}

function tame(state: StateCore): void {
  state.tokens = state.tokens.flatMap((token) => framed(state, token));
  for (const token of state.tokens) {
    if (token.type === "heading_open" || token.type === "heading_close") token.tag = heading(token.tag);
    if (token.type === "th_open" || token.type === "td_open") align(token);
    if (token.children) token.children = withoutPictures(state, token.children);
  }
}

/** A wide table scrolls within its frame. */
function framed(state: StateCore, token: Token): Token[] {
  const isTable = token.type === "table_open" || token.type === "table_close";
  if (!isTable) return [token];
  const frame = new state.Token(`frame_${token.type}`, "div", token.nesting);
  frame.attrs = [["class", "table"]];
  return token.nesting > 0 ? [frame, token] : [token, frame];
}

function heading(tag: string): string {
  return `h${Math.min(Number(tag.slice(1)) + HEADINGS_ABOVE, SMALLEST_HEADING)}`;
}

/** Inline styles are forbidden, here and by the page's Content-Security-Policy. */
function align(token: Token): void {
  const side = /text-align:(\w+)/.exec(String(token.attrGet("style") ?? ""))?.[1];
  token.attrs = side ? [["class", `align-${side}`]] : null;
}

/** A picture would tell its server who reads: a link to it does so only when somebody wants to see it. */
function withoutPictures(state: StateCore, tokens: Token[]): Token[] {
  let links = 0;
  return tokens.flatMap((token) => {
    if (token.type === "link_open") links += 1;
    if (token.type === "link_close") links -= 1;
    return token.type === "image" ? picture(state, token, links > 0) : [token];
  });
}

function picture(state: StateCore, image: Token, isInLink: boolean): Token[] {
  const address = String(image.attrGet("src") ?? "");
  const text = new state.Token("text", "", 0);
  text.content = image.content || state.md.normalizeLinkText(address);
  if (isInLink) return [text];
  const open = new state.Token("link_open", "a", 1);
  open.attrs = [["href", address]];
  return [open, text, new state.Token("link_close", "a", -1)];
}
