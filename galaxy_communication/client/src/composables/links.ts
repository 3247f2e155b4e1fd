export interface Segment {
  text: string;
  /** Set where the text is an address. */
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"]+/gi;
const CLOSING: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Splits plain text at the http and https addresses in it. The texts, joined, are the text. */
export function splitLinks(text: string): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = withoutSentence(match[0]);
    const href = parsed(address);
    if (!href) continue;
    if (match.index > end) segments.push({ text: text.slice(end, match.index) });
    segments.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) segments.push({ text: text.slice(end) });
  return segments;
}

/** What follows an address in a sentence is no part of it: a full stop, or a bracket that opened before it. */
function withoutSentence(address: string): string {
  for (;;) {
    const last = address.at(-1) ?? "";
    const opening = CLOSING[last];
    const isForeign = opening !== undefined && count(address, last) > count(address, opening);
    if (!isForeign && !/[.,;:!?'*]/.test(last)) return address;
    address = address.slice(0, -1);
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function parsed(address: string): string | null {
  try {
    return new URL(address).href;
  } catch {
    return null;
  }
}
