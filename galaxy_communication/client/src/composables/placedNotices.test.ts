import { expect, it } from "vitest";

import { alice, bob, message } from "../../tests/samples";
import type { Notice } from "../stores/notices";
import type { Outgoing } from "../stores/outbox";
import { placeNotices } from "./placedNotices";
import { buildRows } from "./rows";

const notice = (seq: number): Notice => ({ key: `n${seq}`, seq, date: new Date(), users: [bob], joined: true });
const outgoing = { clientId: "c", writtenAt: 0 } as Outgoing;

function placed(seqs: number[], messages: number[], { above = -Infinity, sending = false, hasEnd = true } = {}) {
  const rows = buildRows(messages.map((seq) => message(seq)), sending ? [outgoing] : [], alice);
  const { before, last } = placeNotices(seqs.map(notice), rows, above, hasEnd);
  return [Object.fromEntries([...before].map(([key, those]) => [key, those.map(({ seq }) => seq)])), last.map(({ seq }) => seq)];
}

it("stands behind what was there and above what came after it", () => {
  expect(placed([2, 3, 5, 9], [1, 3, 4, 7])).toEqual([{ m3: [2], m4: [3], m7: [5] }, [9]]);
});

it("stands above what is on its way", () => {
  expect(placed([4], [4], { sending: true })).toEqual([{ "own-c": [4] }, []]);
});

it("is not shown where its place is not loaded", () => {
  expect(placed([2], [5, 6], { above: Infinity })).toEqual([{}, []]);
  expect(placed([2], [5, 6])).toEqual([{ m5: [2] }, []]);
});

it("is not shown where its place is not rendered", () => {
  expect(placed([2, 4, 9], [5, 6], { above: 3, hasEnd: false })).toEqual([{ m5: [4] }, []]);
});

it("is shown in a room without messages", () => {
  expect(placed([0], [])).toEqual([{}, [0]]);
});
