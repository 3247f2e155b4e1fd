/** The whole store against a real Socket.IO server. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { connect } from "../api/socket";
import { alice, bob } from "../../tests/samples";
import { eventually } from "../../tests/eventually";
import { TestServer } from "../../tests/server";
import { createChat, type Chat } from "./chat";
import { totalUnread } from "./rooms";
import { rememberedOnline } from "./session";
import { currentRoom } from "./state";

let server: TestServer;
let chat: Chat;

beforeEach(async () => {
  sessionStorage.clear();
  server = await TestServer.start();
  chat = createChat({
    root: "/",
    socket: server.address,
    rest: server.rest,
    connect: (address, listener) => connect(address, listener, { backoff: () => 200, timeout: 300 }),
  });
});

afterEach(async () => {
  chat.stop();
  await server.stop();
});

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

describe("after an absence", () => {
  it("a reconnect brings what was missed", async () => {
    const first = server.post(bob, { text: "first" });
    await online();
    server.drop();
    await eventually(() => expect(chat.state.connection).toBe("connecting"));
    server.post(bob, { text: "missed" });
    server.edit(first, "first, edited");
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
    await eventually(() => expect(totalUnread(chat.state.rooms)).toBe(1));
    chat.setReading(true);
    expect(totalUnread(chat.state.rooms)).toBe(0);
    server.post(bob);
    await eventually(() => expect(currentRoom(chat.state)?.room.read_seq).toBe(2));
    expect(totalUnread(chat.state.rooms)).toBe(0);
  });

  it("opening the room that is open does not look away from it", async () => {
    await online();
    chat.setReading(true);
    const entry = currentRoom(chat.state);
    if (entry) chat.show(entry);
    server.post(bob);
    await eventually(() => expect(currentRoom(chat.state)?.room.read_seq).toBe(1));
    expect(totalUnread(chat.state.rooms)).toBe(0);
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
