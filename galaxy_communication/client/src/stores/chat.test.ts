/** The whole store against a real Socket.IO server. */
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { connect } from "../api/socket";
import type { Message } from "../api/wire";
import { alice, bob } from "../../tests/samples";
import { eventually } from "../../tests/eventually";
import { TestServer } from "../../tests/server";
import { createChat, type Chat } from "./chat";
import { attention, type RoomEntry } from "./rooms";
import { rememberedOnline } from "./session";
import { currentRoom } from "./state";

let server: TestServer;
let chat: Chat;
let opened: Chat[];

beforeEach(async () => {
  sessionStorage.clear();
  vi.stubGlobal("indexedDB", new IDBFactory());
  server = await TestServer.start();
  opened = [];
  chat = openTab();
});

afterEach(async () => {
  for (const tab of opened) tab.close();
  await server.stop();
  vi.unstubAllGlobals();
});

/** Tabs share a browser's storage. */
function openTab(): Chat {
  const tab = createChat({
    root: "/",
    socket: server.address,
    rest: server.rest,
    connect: (address, listener) => connect(address, listener, { backoff: () => 200, timeout: 300 }),
  });
  opened.push(tab);
  return tab;
}

const log = () => currentRoom(chat.state)?.log;
const texts = () => log()?.messages.map(({ text }) => text);

async function online(): Promise<void> {
  chat.goOnline();
  await eventually(() => expect(log()?.state).toBe("loaded"));
}

function say(text: string): void {
  const entry = currentRoom(chat.state);
  if (entry) chat.send(entry, text);
}

it("goes online, shows the lobby with its history, and remembers that it was online", async () => {
  server.post(bob, { text: "before" });
  await online();
  expect(texts()).toEqual(["before"]);
  expect(chat.state.me).toEqual(alice);
  expect(rememberedOnline.get()).toBe(true);
  chat.goOffline();
  expect(rememberedOnline.get()).toBe(false);
  expect(chat.state.connection).toBe("offline");
  await eventually(() => expect(server.connections()).toBe(0));
});

describe("sending", () => {
  it("shows a message once, at each moment", async () => {
    await online();
    say("hello");
    await eventually(() => {
      expect((texts()?.length ?? 0) + chat.outbox.entries.length).toBe(1);
      expect(texts()).toEqual(["hello"]);
    });
    expect(server.sends).toHaveLength(1);
  });

  it("settles by the event where the ack is lost", async () => {
    await online();
    server.swallowAcks = true;
    say("hello");
    await eventually(() => expect(texts()).toEqual(["hello"]));
    expect(chat.outbox.entries).toEqual([]);
  });

  it("goes on after the connection was lost, each message once and in order", async () => {
    await online();
    server.drop();
    await eventually(() => expect(chat.state.connection).toBe("connecting"));
    say("one");
    say("two");
    await eventually(() => expect(texts()).toEqual(["one", "two"]));
    expect(chat.outbox.entries).toEqual([]);
    expect(server.events).toHaveLength(2);
  });
});

describe("what was not sent yet", () => {
  beforeEach(async () => {
    await online();
    server.refusal = { ok: false, error: { code: "overloaded", message: "" } };
    server.drop();
    await eventually(() => expect(chat.state.connection).toBe("connecting"));
    say("one");
    say("two");
  });

  it("is sent by the next visit, each message once and in order", async () => {
    chat.close();
    server.refusal = null;
    chat = openTab();
    await online();
    await eventually(() => expect(texts()).toEqual(["one", "two"]));
    expect(server.sends).toHaveLength(2);
    expect(chat.outbox.entries).toEqual([]);
  });

  it("is sent once, however many tabs send it", async () => {
    const other = openTab();
    other.goOnline();
    server.refusal = null;
    await eventually(() => {
      expect(other.outbox.entries).toEqual([]);
      expect(chat.outbox.entries).toEqual([]);
      expect(texts()).toEqual(["one", "two"]);
    });
    expect(server.events).toHaveLength(2);
  });

  it("waits for its author while somebody else is here", async () => {
    chat.draft(currentRoom(chat.state) as RoomEntry, "half a thought");
    server.user = bob;
    server.refusal = null;
    await eventually(() => expect(chat.state.me).toEqual(bob));
    await eventually(() => expect(log()?.state).toBe("loaded"));
    expect(chat.outbox.entries).toEqual([]);
    expect(currentRoom(chat.state)?.draft).toBe("");
    server.user = alice;
    server.drop();
    await eventually(() => expect(texts()).toEqual(["one", "two"]));
    expect(server.events.map(({ message }) => message.user)).toEqual([alice, alice]);
  });
});

it("a message that is discarded in one tab is gone in the other", async () => {
  server.refusedTexts.set("no", [{ code: "archived", message: "" }]);
  await online();
  say("no");
  await eventually(() => expect(chat.outbox.entries[0]?.state).toBe("failed"));
  const other = openTab();
  other.goOnline();
  await eventually(() => expect(other.outbox.entries).toHaveLength(1));
  chat.outbox.discard(chat.outbox.entries[0]?.clientId ?? "");
  await eventually(() => expect(other.outbox.entries).toEqual([]));
});

it("a refusal in the middle changes nothing in the order", async () => {
  server.refusedTexts.set("two", [{ code: "overloaded", message: "Busy.", retry_after: 0.05 }]);
  await online();
  for (const text of ["one", "two", "three"]) say(text);
  await eventually(() => expect(texts()).toEqual(["one", "two", "three"]));
  expect(server.sends.map(({ text }) => text)).toEqual(["one", "two", "two", "three"]);
});

it("changes of a message are shown by their ack, and counted once by their event", async () => {
  server.post(alice, { text: "helo" });
  await online();
  const message = () => log()?.messages[0] as Message;
  await chat.edit(message(), "hello");
  expect(message()).toMatchObject({ text: "hello", changed_seq: 2 });
  await chat.react(message(), "👍", true);
  expect(message().reactions).toMatchObject([{ emoji: "👍", count: 1 }]);
  await chat.remove(message());
  expect(message()).toMatchObject({ text: "", deleted: true });
  await eventually(() => expect(log()?.applied).toBe(4));
  expect(log()?.messages).toHaveLength(1);
  server.answers["message.edit"] = { ok: false, error: { code: "forbidden", message: "Not yours." } };
  await chat.edit(message(), "mine");
  expect(chat.state.notice?.message).toBe("Not yours.");
});

describe("after an absence", () => {
  it("a reconnect brings what was missed", async () => {
    const first = server.post(bob, { text: "first" });
    await online();
    server.drop();
    await eventually(() => expect(chat.state.connection).toBe("connecting"));
    server.post(bob, { text: "missed" });
    server.change(first.id, { text: "first, edited" });
    await eventually(() => expect(texts()).toEqual(["first, edited", "missed"]));
  });

  it("an event behind a hole brings what was missed", async () => {
    await online();
    server.post(bob, { text: "lost on the way" }, true);
    server.post(bob, { text: "heard" });
    await eventually(() => expect(texts()).toEqual(["lost on the way", "heard"]));
  });
});

describe("unread", () => {
  it("counts what one does not look at, and is gone when one looks", async () => {
    await online();
    server.post(bob);
    await eventually(() => expect(attention(chat.state.rooms)).toBe(1));
    chat.setReading(true);
    expect(attention(chat.state.rooms)).toBe(0);
    server.post(bob);
    await eventually(() => expect(currentRoom(chat.state)?.room.read_seq).toBe(2));
    expect(attention(chat.state.rooms)).toBe(0);
  });

  it("opening the room that is open does not look away from it", async () => {
    await online();
    chat.setReading(true);
    const entry = currentRoom(chat.state);
    if (entry) chat.show(entry);
    server.post(bob);
    await eventually(() => expect(currentRoom(chat.state)?.room.read_seq).toBe(1));
    expect(attention(chat.state.rooms)).toBe(0);
  });
});

it("leaving a listed room keeps it in sight, to be joined again", async () => {
  await online();
  server.tell("room.updated", { room: { ...server.room, id: "r2", name: "Help", kind: "public" } });
  await eventually(() => expect(chat.state.rooms.get("r2")?.room.joined).toBe(true));
  server.tell("room.removed", { room_id: "r2", reason: "left" });
  await eventually(() => expect(chat.state.rooms.get("r2")?.room.joined).toBe(false));
});

it("counts who comes and goes, but not oneself", async () => {
  await online();
  const before = currentRoom(chat.state)?.room.member_count ?? 0;
  const members = () => currentRoom(chat.state)?.room.member_count;
  server.tell("room.member", { room_id: server.room.id, user: bob, joined: true });
  await eventually(() => expect(members()).toBe(before + 1));
  if (chat.state.me) server.tell("room.member", { room_id: server.room.id, user: chat.state.me, joined: true });
  server.tell("room.member", { room_id: server.room.id, user: bob, joined: false });
  await eventually(() => expect(members()).toBe(before));
});

it("an error of what one asked for is shown", async () => {
  server.answers["room.join"] = { ok: false, error: { code: "not_found", message: "No such room." } };
  await online();
  const entry = currentRoom(chat.state);
  if (entry) await chat.join(entry);
  expect(chat.state.notice?.message).toBe("No such room.");
});

it("a session that ended shows offline, but a new login finds all as before", async () => {
  await online();
  server.tell("closed", { code: "not_authenticated", message: "" });
  server.drop();
  await eventually(() => expect(chat.state.refused?.code).toBe("not_authenticated"));
  expect(chat.state.online).toBe(false);
  expect(rememberedOnline.get()).toBe(true);
});
