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
 * @param isStart whether the rows begin where the room does; else what is above the first of them is elsewhere.
 */
export function placeNotices(notices: Notice[], rows: Row[], isStart: boolean): PlacedNotices {
  const placed: PlacedNotices = { before: new Map(), last: [] };
  for (const notice of notices) {
    const next = rows.findIndex(({ message }) => message === null || message.seq > notice.seq);
    const key = rows[next]?.key;
    if (key === undefined) placed.last.push(notice);
    else if (next > 0 || isStart) placed.before.set(key, [...(placed.before.get(key) ?? []), notice]);
  }
  return placed;
}
