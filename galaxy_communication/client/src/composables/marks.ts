/** Shows where the words that one searched for are in a text. */
import { oneLine } from "./firstLine";

export interface Mark {
  text: string;
  isHit: boolean;
}

interface Word {
  start: number;
  end: number;
  /** Without case and accents. */
  folded: string;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Characters of a text that is shown in full, and before the first hit in one that is not. */
const LENGTH = 180;
const LEAD = 50;

/** A message in one line, without its marks, shortened to what is around its first hit. Phrases are hit whole, words also by their beginning. */
export function excerpt(text: string, terms: string[]): Mark[] {
  const line = oneLine(text);
  const hits = findHits(line, terms);
  const [from, to] = bounds(line, hits[0]?.[0] ?? 0);
  const marks: Mark[] = [];
  let end = from;
  const add = (until: number, isHit: boolean): void => {
    if (until > end) marks.push({ text: line.slice(end, until), isHit });
    end = Math.max(end, until);
  };
  for (const [start, stop] of hits) {
    if (start >= to) break;
    add(start, false);
    add(Math.min(stop, to), true);
  }
  add(to, false);
  if (from > 0) marks.unshift({ text: "…", isHit: false });
  if (to < line.length) marks.push({ text: "…", isHit: false });
  return marks;
}

/** From where to where the hits go, in order and without overlaps. */
function findHits(line: string, terms: string[]): [number, number][] {
  const words = split(line);
  const hits: [number, number][] = [];
  for (const term of terms) {
    const wanted = split(term).map(({ folded }) => folded);
    const isPhrase = term.includes(" ");
    for (let place = 0; wanted.length > 0 && place + wanted.length <= words.length; place++) {
      const isHit = wanted.every((one, offset) => {
        const folded = words[place + offset]?.folded ?? "";
        return !isPhrase && offset === wanted.length - 1 ? folded.startsWith(one) : folded === one;
      });
      if (isHit) hits.push([words[place]?.start ?? 0, words[place + wanted.length - 1]?.end ?? 0]);
    }
  }
  return hits.sort(([a], [b]) => a - b);
}

function split(text: string): Word[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    folded: word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(),
  }));
}

/** Begins and ends between words where there are any. */
function bounds(line: string, hit: number): [number, number] {
  if (line.length <= LENGTH) return [0, line.length];
  const earliest = Math.max(0, Math.min(hit - LEAD, line.length - LENGTH));
  const blank = line.indexOf(" ", earliest);
  const from = earliest === 0 ? 0 : blank >= 0 && blank < hit ? blank + 1 : whole(line, earliest);
  const latest = Math.min(line.length, from + LENGTH);
  const last = line.lastIndexOf(" ", latest);
  return [from, latest === line.length ? latest : last > hit ? last : whole(line, latest)];
}

/** Not in the middle of a character. */
function whole(line: string, place: number): number {
  return /[\uDC00-\uDFFF]/.test(line[place] ?? "") ? place + 1 : place;
}
