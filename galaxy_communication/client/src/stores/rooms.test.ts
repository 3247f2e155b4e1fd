import { describe, expect, it } from "vitest";

import { alice, bob, created, room, updated } from "../../tests/samples";
import { countNew, inOrder, putRoom, totalUnread, unreadIn, type Rooms } from "./rooms";

const rooms = (): Rooms => new Map();

describe("unread", () => {
  it("is what the server counted and what came since, without one's own", () => {
    const entry = putRoom(rooms(), room({ unread: 2, head_seq: 5 }));
    countNew(entry, [created(6, { user: bob }), created(7, { user: alice }), updated(8, 6)], alice.id);
    expect(unreadIn(entry)).toBe(3);
  });

  it("counts a replayed message only where the server's record does not", () => {
    const entry = putRoom(rooms(), room({ unread: 2, head_seq: 5 }));
    const replayed = { ...updated(6, 5), type: "message.created" as const };
    countNew(entry, [created(4), replayed, created(7)], alice.id);
    countNew(entry, [created(7)], alice.id);
    expect(unreadIn(entry)).toBe(3);
  });

  it("keeps what came after a record that is late", () => {
    const all = rooms();
    const entry = putRoom(all, room({ head_seq: 5 }));
    countNew(entry, [created(6), created(7)], alice.id);
    putRoom(all, room({ unread: 1, head_seq: 6 }));
    expect(unreadIn(entry)).toBe(2);
    putRoom(all, room({ unread: 0, head_seq: 7, read_seq: 7 }));
    expect(unreadIn(entry)).toBe(0);
  });

  it("of the whole leaves out rooms that are not joined or are silent", () => {
    const all = rooms();
    putRoom(all, room({ id: "r1", unread: 1 }));
    putRoom(all, room({ id: "r2", unread: 2, notify: "nothing" }));
    putRoom(all, room({ id: "r3", unread: 4, joined: false }));
    expect(totalUnread(all)).toBe(1);
  });
});

it("a room that is joined again starts with an empty log", () => {
  const all = rooms();
  const entry = putRoom(all, room({ joined: false, head_seq: 3 }));
  const { log } = entry;
  putRoom(all, room({ joined: true, head_seq: 9 }));
  expect(entry.log).not.toBe(log);
  expect(entry.log.applied).toBe(9);
});

it("joined rooms come first, the lobby before all", () => {
  const all = rooms();
  putRoom(all, room({ id: "1", name: "Zebrafish", kind: "public", joined: false }));
  putRoom(all, room({ id: "2", name: "Help", kind: "persistent" }));
  putRoom(all, room({ id: "3", name: "Assembly", kind: "public" }));
  putRoom(all, room({ id: "4", name: "Everybody", kind: "lobby" }));
  expect(inOrder(all).map((entry) => entry.room.name)).toEqual(["Everybody", "Assembly", "Help", "Zebrafish"]);
});
