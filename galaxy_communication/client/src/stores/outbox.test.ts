import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { alice, draft } from "../../tests/samples";
import { ChatError } from "../api/errors";
import { Outbox, type Draft, type DraftStore, type Send } from "./outbox";

const DAY = 24 * 60 * 60 * 1000;
const disconnected = new ChatError("disconnected", "");
const overloaded = new ChatError("overloaded", "Busy.", 2);
const archived = new ChatError("archived", "This room is archived.");

/** What the server does with each text, one outcome after the other; what has none is stored. */
let outcomes: Record<string, (ChatError | Promise<void>)[]>;
let sent: Draft[];
let stored: Map<string, Draft>;
let discarded: string[];
let left: string[];
let box: Outbox;

const send: Send = async (one) => {
  sent.push(one);
  const outcome = outcomes[one.text]?.shift();
  if (outcome instanceof ChatError) throw outcome;
  await outcome;
};

const store: DraftStore = {
  load: (userId) => Promise.resolve([...stored.values()].filter((one) => one.userId === userId)),
  put: (one) => void stored.set(one.clientId, one),
  remove: (clientId) => void stored.delete(clientId),
  discard(clientId) {
    stored.delete(clientId);
    discarded.push(clientId);
  },
};

function newBox(): Outbox {
  return new Outbox(send, (roomId) => !left.includes(roomId), store, () => 1);
}

beforeEach(async () => {
  outcomes = {};
  sent = [];
  stored = new Map();
  discarded = [];
  left = [];
  box = newBox();
  await box.resume(alice.id);
});

afterEach(() => void vi.useRealTimers());

const states = (): string[] => box.entries.map(({ text, state }) => `${text} ${state}`);
const texts = (): string[] => sent.map(({ text }) => text);
const add = (text: string, roomId = "r1"): void => box.add(roomId, "All Chats", text);
const idOf = (text: string): string => box.entries.find((entry) => entry.text === text)?.clientId ?? "";
const nothingLeft = () => eventually(() => expect(box.entries).toEqual([]));

it("an answer keeps what it answers, through a failure and a new visit; what was stored before there were any is none", async () => {
  outcomes["because"] = [archived];
  box.add("r1", "All Chats", "because", "m7");
  await eventually(() => expect(states()).toEqual(["because failed"]));
  stored.set("old", draft("old"));
  box = newBox();
  await box.resume(alice.id);
  box.retry(idOf("because"));
  await nothingLeft();
  expect(sent.map(({ text, replyTo }) => [text, replyTo])).toEqual([
    ["because", "m7"],
    ["old", undefined],
    ["because", "m7"],
  ]);
});

describe("a message on its way", () => {
  it("is shown and stored at once, and goes when the server has it", async () => {
    add("hello");
    expect(states()).toEqual(["hello pending"]);
    expect([...stored.values()]).toMatchObject([{ text: "hello", userId: alice.id, roomName: "All Chats" }]);
    await nothingLeft();
    expect(stored.size).toBe(0);
  });

  it("goes by the event, too, and lets the next one pass while its ack is missing", async () => {
    outcomes["one"] = [new Promise(() => undefined)];
    add("one");
    add("two");
    box.remove(idOf("one"));
    await nothingLeft();
    expect(texts()).toEqual(["one", "two"]);
  });

  it("waits for the next connection and is sent again with the same id", async () => {
    outcomes["one"] = [disconnected];
    add("one");
    add("two");
    await eventually(() => expect(sent).toHaveLength(1));
    expect(states()).toEqual(["one pending", "two pending"]);
    await box.resume(alice.id);
    await nothingLeft();
    expect(texts()).toEqual(["one", "one", "two"]);
    expect(sent[0]?.clientId).toBe(sent[1]?.clientId);
  });
});

describe("the order of writing", () => {
  it("is kept where the server asks for patience in the middle", async () => {
    vi.useFakeTimers();
    outcomes["two"] = [overloaded, new ChatError("timeout", ""), new ChatError("rate_limited", "Too fast.")];
    for (const text of ["one", "two", "three"]) add(text);
    await vi.advanceTimersByTimeAsync(1999);
    expect(states()).toEqual(["two pending", "three pending"]);
    expect(box.entries[0]?.error).toBe(overloaded);
    await vi.runAllTimersAsync();
    expect(box.entries).toEqual([]);
    expect(texts()).toEqual(["one", "two", "two", "two", "two", "three"]);
  });

  it("holds up no other room", async () => {
    outcomes["one"] = [new Promise(() => undefined)];
    add("one", "r1");
    add("two", "r2");
    await eventually(() => expect(states()).toEqual(["one pending"]));
  });

  it("is that of all tabs and visits", async () => {
    stored.set("b", draft("b", { writtenAt: Date.now() - 1000 }));
    stored.set("a", draft("a", { writtenAt: Date.now() - 2000 }));
    outcomes["c"] = [disconnected];
    add("c");
    await eventually(() => expect(texts()).toEqual(["c"]));
    await box.resume(alice.id);
    await nothingLeft();
    expect(texts()).toEqual(["c", "a", "b", "c"]);
  });
});

describe("a message that was refused", () => {
  beforeEach(async () => {
    outcomes["one"] = [archived];
    add("one");
    add("two");
    await eventually(() => expect(states()).toEqual(["one failed"]));
  });

  it("stays with its reason, and the next one goes on", () => {
    expect(texts()).toEqual(["one", "two"]);
    expect(box.entries[0]?.error).toBe(archived);
  });

  it("is not sent again by itself, not even at the next visit", async () => {
    await box.resume(alice.id);
    box = newBox();
    await box.resume(alice.id);
    expect(states()).toEqual(["one failed"]);
    expect(box.entries[0]?.error).toMatchObject({ code: "archived", message: "This room is archived." });
    expect(sent).toHaveLength(2);
  });

  it("goes to the end when it is sent again", async () => {
    outcomes["three"] = [new ChatError("timeout", "")];
    add("three");
    box.retry(idOf("one"));
    expect(states()).toEqual(["three pending", "one pending"]);
    expect([...stored.values()].find(({ text }) => text === "one")?.failure).toBeNull();
    await nothingLeft();
    expect(texts().slice(-2)).toEqual(["three", "one"]);
    expect(new Set(sent.filter(({ text }) => text === "one").map(({ clientId }) => clientId)).size).toBe(1);
  });

  it("is gone when it is discarded, here and in other tabs", () => {
    const id = idOf("one");
    box.discard(id);
    expect(box.entries).toEqual([]);
    expect(stored.size).toBe(0);
    expect(discarded).toEqual([id]);
  });
});

describe("what an earlier visit left", () => {
  it("is sent, once, if it was written for now", async () => {
    stored.set("fresh", draft("fresh"));
    stored.set("old", draft("old", { writtenAt: Date.now() - DAY - 1000 }));
    await Promise.all([box.resume(alice.id), box.resume(alice.id)]);
    await eventually(() => expect(states()).toEqual(["old failed"]));
    expect(box.entries[0]?.error?.code).toBe("outdated");
    expect(texts()).toEqual(["fresh"]);
    box.retry("old");
    await nothingLeft();
  });

  it("for a room that one has left is kept, and says so", async () => {
    left = ["r9"];
    stored.set("lost", draft("lost", { roomId: "r9" }));
    await box.resume(alice.id);
    await eventually(() => expect(states()).toEqual(["lost failed"]));
    expect(box.entries[0]?.error?.code).toBe("not_a_member");
    expect(sent).toEqual([]);
    expect(stored.size).toBe(1);
  });

  it("belongs to who wrote it", async () => {
    outcomes["mine"] = [disconnected];
    add("mine");
    await eventually(() => expect(sent).toHaveLength(1));
    await box.resume("b2");
    expect(box.entries).toEqual([]);
    await box.resume(alice.id);
    await nothingLeft();
    expect(texts()).toEqual(["mine", "mine"]);
  });
});

it("a room that one has to leave fails what is on its way to it", async () => {
  outcomes["one"] = [new ChatError("timeout", "")];
  add("one");
  add("two");
  left = ["r1"];
  await eventually(() => expect(states()).toEqual(["one failed", "two failed"]));
});

it("what another tab has discarded is no longer waited for", async () => {
  outcomes["one"] = [new ChatError("overloaded", "", 1000)];
  add("one");
  add("two");
  await eventually(() => expect(box.entries[0]?.error).not.toBeNull());
  box.forget(idOf("one"));
  await nothingLeft();
  expect(texts()).toEqual(["one", "two"]);
});
