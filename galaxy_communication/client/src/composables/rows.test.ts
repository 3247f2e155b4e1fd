import { expect, it } from "vitest";

import type { Outgoing } from "../stores/outbox";
import { alice, bob, draft, message } from "../../tests/samples";
import { buildRows } from "./rows";

const at = (time: string) => ({ created_at: new Date(`2026-01-${time}`).toISOString() });

function outgoing(clientId: string, time: string): Outgoing {
  return { ...draft(clientId), writtenAt: Date.parse(`2026-01-${time}`), state: "pending", error: null, retryAt: null };
}

it("days and authors start anew, and so does an author after a pause", () => {
  const rows = buildRows(
    [
      message(1, at("15T10:00")),
      message(2, at("15T10:04")),
      message(3, { ...at("15T10:05"), user: alice }),
      message(4, at("15T10:06")),
      message(5, at("15T10:30")),
      message(6, at("16T10:31")),
    ],
    [],
    alice,
  );
  expect(rows.map(({ startsDay }) => startsDay)).toEqual([true, false, false, false, false, true]);
  expect(rows.map(({ startsGroup }) => startsGroup)).toEqual([true, false, true, true, true, true]);
  expect(rows.map(({ own }) => own)).toEqual([false, false, true, false, false, false]);
});

it("an author starts anew where the new messages begin", () => {
  const rows = buildRows([message(1), message(2), message(3)], [], alice, 2);
  expect(rows.map(({ startsGroup }) => startsGroup)).toEqual([true, true, false]);
});

it("the first one continues what is above it", () => {
  const above = message(1, at("15T10:00"));
  const [next] = buildRows([message(2, at("15T10:01"))], [], alice, null, above);
  expect([next?.startsDay, next?.startsGroup]).toEqual([false, false]);
  const [other] = buildRows([message(2, { ...at("16T10:01"), user: alice })], [], alice, null, above);
  expect([other?.startsDay, other?.startsGroup]).toEqual([true, true]);
});

it("a message on its way comes last, and not at all once it has arrived", () => {
  const sent = message(2, { user: alice, client_id: "x", ...at("15T10:01") });
  const before = buildRows([message(1)], [outgoing("x", "15T10:01")], alice);
  const after = buildRows([message(1), sent], [outgoing("x", "15T10:01")], alice);
  expect(before).toHaveLength(2);
  expect(after).toHaveLength(2);
  expect(after[1]?.key).toBe(before[1]?.key);
  expect([before[1]?.message, after[1]?.message]).toEqual([null, sent]);
});

it("somebody else's equal client id is not ours", () => {
  const theirs = message(1, { user: bob, client_id: "x" });
  expect(buildRows([theirs], [outgoing("x", "15T10:01")], alice)).toHaveLength(2);
});

it("the last one is known as such, and a row that has not changed is the same object", () => {
  const [one, two] = [message(1, at("15T10:00")), message(2, at("15T10:01"))];
  const before = buildRows([one, two], [], alice);
  const after = buildRows([one, two, message(3, at("15T10:02"))], [], alice);
  expect(after.map(({ isLast }) => isLast)).toEqual([false, false, true]);
  expect(after[0]).toBe(before[0]);
  expect([before[1]?.isLast, after[1]?.isLast]).toEqual([true, false]);
  expect(buildRows([{ ...one }, two], [], alice)[0]).not.toBe(before[0]);
});
