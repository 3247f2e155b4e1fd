import { describe, expect, it } from "vitest";

import type { Room } from "../api/wire";
import { alice, bob, created, room, updated } from "../../tests/samples";
import { attention, attentionIn, countNew, inOrder, inSections, leaveRoom, loudIn, loudness, mentionsIn, putRoom, unreadIn, type Rooms } from "./rooms";

const rooms = (): Rooms => new Map();
const toAlice = { user: bob, mentions: [alice] };

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

  it("leaves out whom one has muted", () => {
    const entry = putRoom(rooms(), room());
    countNew(entry, [created(1, toAlice)], alice.id, (id) => id === bob.id);
    expect([unreadIn(entry), mentionsIn(entry)]).toEqual([0, 0]);
  });

  it("counts a deleted message no more, whether the server had counted it or not", () => {
    const entry = putRoom(rooms(), room({ unread: 2, mentions: 2, head_seq: 5, read_seq: 3 }));
    countNew(entry, [created(6)], alice.id);
    countNew(entry, [updated(7, 6, { deleted: true }), updated(8, 5, { deleted: true })], alice.id);
    expect([unreadIn(entry), mentionsIn(entry)]).toEqual([1, 1]);
    countNew(entry, [updated(9, 2, { deleted: true })], alice.id); // it had been read
    expect(unreadIn(entry)).toBe(1);
  });

  it("takes a deletion that the server's record knows of for counted", () => {
    const entry = putRoom(rooms(), room({ unread: 2, head_seq: 5 }));
    countNew(entry, [updated(5, 2, { deleted: true })], alice.id);
    expect(unreadIn(entry)).toBe(2);
  });
});

describe("what one asked to be told of at once", () => {
  const heard = (parts: Partial<Room>, events = [created(1), created(2, toAlice), created(3, { mentions_room: true })]) =>
    countNew(putRoom(rooms(), room(parts)), events, alice.id).map(({ id }) => id);

  it.each<[string, Partial<Room>, string[]]>([
    ["all", { notify: "all" }, ["m1", "m2", "m3"]],
    ["mentions", { notify: "mentions" }, ["m2", "m3"]],
    ["nothing", { notify: "nothing" }, []],
    ["all, but muted", { notify: "all", muted_until: "2999-01-01T00:00:00Z" }, []],
    ["mentions, in a conversation of two", { notify: "mentions", kind: "direct" }, ["m1", "m2", "m3"]],
    ["nothing, in a conversation of two", { notify: "nothing", kind: "direct" }, []],
    ["all, but the server had counted some", { notify: "all", head_seq: 2 }, ["m3"]],
  ])("is, at the level %s", (_level, parts, expected) => {
    expect(heard(parts)).toEqual(expected);
  });

  it("is nothing of one's own, of whom one has muted, or that was deleted", () => {
    expect(heard({}, [created(1, { user: alice }), created(2)])).toEqual(["m2"]);
    expect(countNew(putRoom(rooms(), room()), [created(1, toAlice)], alice.id, () => true)).toEqual([]);
    expect(heard({}, [updated(2, 1, { deleted: true })])).toEqual([]);
  });

  it("is an edit that begins to address one, where that is what counts", () => {
    const events = [created(1), updated(2, 1, toAlice), updated(3, 1, toAlice)];
    expect(heard({ notify: "mentions" }, events)).toEqual(["m1"]);
    expect(heard({ notify: "all" }, events)).toEqual(["m1"]);
  });

  it("counts as such", () => {
    const all = rooms();
    const loud = putRoom(all, room({ unread: 2, mentions: 1, head_seq: 5 }));
    const quiet = putRoom(all, room({ id: "r2", unread: 2, mentions: 1, notify: "mentions" }));
    putRoom(all, room({ id: "r3", unread: 7, notify: "nothing" }));
    expect([loudIn(loud), loudIn(quiet), loudness(all)]).toEqual([2, 1, 3]);
  });
});

describe("the read pointer that went back", () => {
  it("is followed, with what is new after it, and held", () => {
    const all = rooms();
    const entry = putRoom(all, room({ head_seq: 9, read_seq: 9 }));
    countNew(entry, [created(10)], alice.id);
    putRoom(all, room({ head_seq: 10, read_seq: 4, unread: 6 }));
    expect(unreadIn(entry)).toBe(6);
    expect(entry.visit).toMatchObject({ isHeld: true, newFrom: 4 });
    countNew(entry, [created(11)], alice.id);
    expect(unreadIn(entry)).toBe(7);
  });

  it("is not one that goes on, or that we are ahead of", () => {
    const all = rooms();
    const entry = putRoom(all, room({ head_seq: 9, read_seq: 4, unread: 5 }));
    entry.room = { ...entry.room, read_seq: 9, unread: 0 };
    putRoom(all, room({ head_seq: 9, read_seq: 4, unread: 5, topic: "new" }));
    putRoom(all, room({ head_seq: 9, read_seq: 9 }));
    expect(entry.visit.isHeld).toBe(false);
  });

  it("is none of a room that one has left and joined again", () => {
    const all = rooms();
    const entry = putRoom(all, room({ head_seq: 9, read_seq: 9 }));
    putRoom(all, room({ head_seq: 12, read_seq: 12, joined: false }));
    putRoom(all, room({ head_seq: 12, read_seq: 10, joined: true }));
    expect(entry.visit.isHeld).toBe(false);
  });
});

describe("mentions", () => {
  it("are those that the server counted and what addresses one since", () => {
    const entry = putRoom(rooms(), room({ unread: 2, mentions: 1, head_seq: 5 }));
    countNew(entry, [created(6, toAlice), created(7, { mentions_room: true }), created(8)], alice.id);
    expect(mentionsIn(entry)).toBe(3);
  });

  it("come and go with an edit", () => {
    const entry = putRoom(rooms(), room());
    countNew(entry, [created(1), created(2, toAlice)], alice.id);
    countNew(entry, [updated(3, 1, toAlice), updated(4, 2)], alice.id);
    expect(entry.addressed).toEqual([1]);
    expect(unreadIn(entry)).toBe(2);
  });

  it("are gone when the room is read", () => {
    const all = rooms();
    const entry = putRoom(all, room());
    countNew(entry, [created(1, toAlice)], alice.id);
    entry.fresh = [];
    expect(mentionsIn(entry)).toBe(0);
  });
});

describe("what deserves attention", () => {
  const news = { unread: 5, mentions: 2 };

  it.each<[string, Partial<Room>, number]>([
    ["all, where one wants to hear all", { notify: "all" }, 5],
    ["all, where one wants to be notified of mentions alone", { notify: "mentions" }, 5],
    ["nothing, where one wants none", { notify: "nothing" }, 0],
    ["everything in a conversation of two", { kind: "direct", notify: "mentions" }, 5],
    ["nothing of a conversation that says nothing", { kind: "direct", notify: "nothing" }, 0],
    ["nothing while the room is muted", { notify: "all", muted_until: "2030-01-01T00:00:00Z" }, 0],
    ["nothing of a room that one is not in", { notify: "all", joined: false }, 0],
  ])("is %s", (_case, parts, expected) => {
    const all = rooms();
    expect(attentionIn(putRoom(all, room({ ...news, ...parts })))).toBe(expected);
    expect(attention(all)).toBe(expected);
  });

  it("counts what came since by the same rule, over all rooms", () => {
    const all = rooms();
    const loud = putRoom(all, room({ id: "r1", notify: "all", unread: 1 }));
    const usual = putRoom(all, room({ id: "r2", notify: "nothing", unread: 7 }));
    countNew(loud, [created(1)], alice.id);
    countNew(usual, [created(1), created(2, toAlice)], alice.id);
    expect(attention(all)).toBe(2);
  });
});

describe("a room that is left", () => {
  const left = (): Rooms => {
    const all = rooms();
    const entry = putRoom(all, room({ role: "owner", unread: 3, mentions: 1, head_seq: 5, can_manage: true, notify: "all" }));
    countNew(entry, [created(6)], alice.id);
    leaveRoom(entry, false);
    return all;
  };

  it("is as the server shows it to somebody who is not in it", () => {
    const entry = left().get("r1");
    const outside = { joined: false, role: null, unread: 0, mentions: 0, notify: "mentions", read_seq: 5, member_count: 1 };
    const rights = { can_post: false, can_invite: false, can_moderate: false, can_manage: false };
    expect(entry?.room).toMatchObject({ ...outside, ...rights });
    expect(entry?.fresh).toEqual([]);
  });

  it("and joined again starts with an empty log", () => {
    const all = left();
    const before = all.get("r1")?.log;
    const entry = putRoom(all, room({ joined: true, head_seq: 9, read_seq: 9 }));
    expect(entry.log).not.toBe(before);
    expect(entry.log.applied).toBe(9);
  });
});

describe("the order", () => {
  const all = rooms();
  putRoom(all, room({ id: "1", name: "Zebrafish", kind: "public", joined: false }));
  putRoom(all, room({ id: "2", name: "Help", kind: "persistent" }));
  putRoom(all, room({ id: "3", name: "Assembly", kind: "public" }));
  putRoom(all, room({ id: "4", name: "Everybody", kind: "lobby" }));
  putRoom(all, room({ id: "5", name: "bob", kind: "direct", other: bob }));
  putRoom(all, room({ id: "6", name: "Aardvark", kind: "public", archived: true }));
  const names = (entries: ReturnType<typeof inOrder>): string[] => entries.map((entry) => entry.room.name);

  it("is the lobby, the rooms one is in, the archived ones, and those one can join", () => {
    expect(names(inOrder(all))).toEqual(["Everybody", "Assembly", "bob", "Help", "Aardvark", "Zebrafish"]);
  });

  it("tells conversations of two from rooms", () => {
    const { direct, joined, others } = inSections(all);
    expect([direct, joined, others].map(names)).toEqual([
      ["bob"],
      ["Everybody", "Assembly", "Help", "Aardvark"],
      ["Zebrafish"],
    ]);
  });
});
