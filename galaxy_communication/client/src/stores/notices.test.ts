import { expect, it } from "vitest";

import type { User } from "../api/wire";
import { bob, created, frame, room } from "../../tests/samples";
import { applyLive } from "./log";
import { addNotice, MAX_NOTICES } from "./notices";
import { putRoom, type RoomEntry } from "./rooms";

const ada: User = { ...bob, id: "ada", username: "ada" };
const entry = (): RoomEntry => {
  const made = putRoom(new Map(), room({ head_seq: 4 }));
  made.log.state = "loaded";
  return made;
};
const said = ({ notices }: RoomEntry) => notices.map(({ users, joined, seq }) => [users.map((user) => user.username), joined, seq]);

it("folds those who come one after the other, each once", () => {
  const one = entry();
  for (const user of [ada, bob, ada]) addNotice(one, user, true);
  expect(said(one)).toEqual([[["ada", "bob"], true, 4]]);
});

it("tells coming from going, and what was before a message from what was after it", () => {
  const one = entry();
  addNotice(one, ada, true);
  addNotice(one, ada, false);
  applyLive(one.log, frame(created(5)));
  addNotice(one, bob, false);
  expect(said(one)).toEqual([
    [["ada"], true, 4],
    [["ada"], false, 4],
    [["bob"], false, 5],
  ]);
});

it("keeps no more than so many", () => {
  const one = entry();
  for (let number = 0; number < MAX_NOTICES + 5; number += 1) addNotice(one, bob, number % 2 === 0);
  expect(one.notices).toHaveLength(MAX_NOTICES);
  expect(one.notices.at(-1)?.joined).toBe(true);
});
