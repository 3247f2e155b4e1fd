import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { User } from "../api/wire";
import { alice, bob, message, ready } from "../../tests/samples";
import { createPeople, type People } from "./people";

const cleo: User = { ...bob, id: "c3", username: "cleo" };
let people: People;

beforeEach(() => {
  vi.useFakeTimers();
  people = createPeople();
  people.begin(ready([], { online: [alice, bob], muted: [] }));
});

afterEach(() => vi.useRealTimers());

const writing = (roomId = "r1") => people.writing(roomId).map(({ username }) => username);
const types = (user: User, roomId = "r1") => people.typing({ room_id: roomId, user });

describe("who is there", () => {
  it("is who was there at first, and who came, went or looked away since", () => {
    people.presence({ changes: [{ user: cleo, status: "online" }, { user: bob, status: "away" }] });
    expect([bob, cleo].map(({ id }) => people.statusOf(id))).toEqual(["away", "online"]);
    people.presence({ changes: [{ user: bob, status: "offline" }] });
    expect(people.statusOf(bob.id)).toBe("offline");
    expect(people.statusOf("nobody")).toBe("offline");
  });

  it("starts anew with a new connection", () => {
    people.begin(ready([], { online: [alice] }));
    expect(people.statusOf(bob.id)).toBe("offline");
  });
});

describe("who is writing", () => {
  it("is told by room, in the order of beginning, and never oneself", () => {
    types(cleo);
    types(bob);
    types(cleo);
    types(alice);
    types(bob, "r2");
    expect(writing()).toEqual(["cleo", "bob"]);
    expect(writing("r2")).toEqual(["bob"]);
    expect(writing("r3")).toEqual([]);
  });

  it("goes five seconds after the last sign of it", () => {
    types(bob);
    vi.advanceTimersByTime(3_000);
    types(bob);
    types(cleo);
    vi.advanceTimersByTime(4_999);
    expect(writing()).toEqual(["bob", "cleo"]);
    vi.advanceTimersByTime(1);
    expect(writing()).toEqual([]);
  });

  it("goes when the message is there, but not for an old one that is changed", () => {
    types(bob);
    types(bob, "r2");
    people.heard([message(1, { changed_seq: 3 })]);
    expect(writing()).toEqual(["bob"]);
    people.heard([message(4)]);
    expect(writing()).toEqual([]);
    expect(writing("r2")).toEqual(["bob"]);
  });

  it("is not told of those whom one has muted, also since", () => {
    types(bob);
    types(cleo);
    people.setMuted(bob, true);
    expect(writing()).toEqual(["cleo"]);
    people.setMuted(bob, false);
    expect(writing()).toEqual(["bob", "cleo"]);
  });

  it("ends with the connection", () => {
    types(bob);
    people.stopWriting();
    expect(writing()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
