/**
 * In the place of the library of this name, most of which are tables for what is off here: only what is written as an
 * address becomes a link. Where an address ends is decided as GitHub does ("extended autolinks"), and at the punctuation of
 * scripts that are written without blanks.
 */
export interface Found {
  schema: "http:" | "https:" | "mailto:";
  index: number;
  lastIndex: number;
  text: string;
  url: string;
}

const HOST = String.raw`(?:\[[\da-f:.]{2,45}\]|[\p{L}\p{N}][\p{L}\p{N}\p{M}_.~%-]{0,252})(?::\d{1,5})?`;
const REST = String.raw`(?:[/?#](?:[^\s\p{P}\p{C}<>|^]|[-_.~:/?#@!$&'*+,;=%()[\]{}|\\])*|(?![\p{L}\p{N}_@:]))`;
const MAIL = String.raw`[\w.+-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}\p{L}{2,63}(?![\p{L}\p{N}_@-])`;
const ADDRESS = `(?:https?://${HOST}${REST}|mailto:${MAIL}|${MAIL})`;

const WORD = /[\p{L}\p{N}_]/u;
/** The sentence's, not the address's. */
const TRAILING = /[?!.,:;'*]/;
const OPENING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

export class LinkifyIt {
  private readonly anywhere = new RegExp(ADDRESS, "giu");
  private readonly atStart = new RegExp(`^${ADDRESS}`, "iu");

  test(text: string): boolean {
    return this.match(text).length > 0;
  }

  match(text: string): Found[] {
    if (!/:\/\/|@/.test(text)) return [];
    return [...text.matchAll(this.anywhere)].flatMap(({ 0: raw, index }) => {
      return WORD.test(text[index - 1] ?? "") ? [] : [found(raw, index)];
    });
  }

  /** Of an address with `//`. */
  matchAtStart(text: string): Found | null {
    const raw = this.atStart.exec(text)?.[0];
    return raw === undefined ? null : found(raw, 0);
  }
}

function found(raw: string, index: number): Found {
  const text = raw.slice(0, end(raw));
  const schema = /^(?:https?|mailto):/i.exec(text)?.[0].toLowerCase() as Found["schema"] | undefined;
  const url = schema ? text : `mailto:${text}`;
  return { schema: schema ?? "mailto:", index, lastIndex: index + text.length, text, url };
}

function end(raw: string): number {
  let length = raw.length;
  const surplus = (close: string): boolean => count(raw, close, length) > count(raw, OPENING[close] as string, length);
  for (; length > 0; length -= 1) {
    const last = raw.charAt(length - 1);
    if (!TRAILING.test(last) && !(last in OPENING && surplus(last))) break;
  }
  return length;
}

function count(raw: string, what: string, length: number): number {
  return raw.slice(0, length).split(what).length - 1;
}
