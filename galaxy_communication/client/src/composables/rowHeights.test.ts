import fc from "fast-check";
import { expect, it } from "vitest";

import type { Message } from "../api/wire";
import { message } from "../../tests/samples";
import { RowHeights } from "./rowHeights";

const GUESS = 50;
/** Numbers have gaps where messages were changed, and go over several of the chunks that are summed up. */
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2_000 }), { minLength: 1, maxLength: 300 });
const known = fc.array(fc.tuple(fc.nat(299), fc.integer({ min: 1, max: 900 })), { maxLength: 300 });

it("sums up what is known, and guesses the rest, however it is asked", () => {
  fc.assert(
    fc.property(numbers, known, fc.nat(300), fc.nat(300), (seqs, learned, one, other) => {
      const messages = seqs.sort((a, b) => a - b).map((seq) => message(seq));
      const heights = new RowHeights(GUESS);
      heights.learn([[messages[0] as Message, GUESS]]); // what all others are expected to be
      for (const [place, height] of learned) heights.learn([[messages[place % messages.length] as Message, height]]);
      const [first, end] = [Math.min(one, other), Math.max(one, other)].map((place) => Math.min(place, messages.length));
      const expected = messages.slice(first, end).reduce((sum, each) => sum + heights.of(each), 0);
      expect(heights.total(messages, first as number, end as number)).toBe(expected);
    }),
  );
});

it("expects of others what the first ones have, and stays with that", () => {
  const heights = new RowHeights(GUESS);
  expect(heights.of(message(9))).toBe(GUESS);
  heights.learn([
    [message(1), 20],
    [message(2), 30],
  ]);
  heights.learn([[message(3), 300]]);
  expect([heights.of(message(9)), heights.of(message(3)), heights.of(message(1))]).toEqual([25, 300, 20]);
});
