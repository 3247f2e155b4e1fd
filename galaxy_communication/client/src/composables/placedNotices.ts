/** Where among the rows of a room the notices stand. */
import type { Notice } from "../stores/notices";
import type { Row } from "./rows";

export interface PlacedNotices {
  /** By the key of the row below. */
  before: Map<string, Notice[]>;
  /** Below all rows. */
  last: Notice[];
}

/**
 * Each stands above the first message that came after it.
 *
 * @param above the number of the message above the first row: `-Infinity` where the room begins with the rows, `Infinity`
 *   where it is not known.
 * @param hasEnd whether nothing comes below the rows.
 */
export function placeNotices(notices: Notice[], rows: Row[], above: number, hasEnd: boolean): PlacedNotices {
  const placed: PlacedNotices = { before: new Map(), last: [] };
  for (const notice of notices) {
    const next = rows.findIndex(({ message }) => message === null || message.seq > notice.seq);
    const key = rows[next]?.key;
    if (key !== undefined && (next > 0 || notice.seq >= above)) placed.before.set(key, [...(placed.before.get(key) ?? []), notice]);
    else if (key === undefined && hasEnd) placed.last.push(notice);
  }
  return placed;
}
