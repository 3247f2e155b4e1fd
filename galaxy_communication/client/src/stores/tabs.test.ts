/** Several chats of one browser, by one connection. */
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { bob } from "../../tests/samples";
import { TestServer } from "../../tests/server";
import { TestWorker } from "../../tests/worker";
import { sharing } from "../api/shared";
import { createChat, type Chat } from "./chat";
import { attention } from "./rooms";
import { currentRoom } from "./state";

let server: TestServer;
let worker: TestWorker;
let opened: Chat[];

beforeEach(async () => {
  sessionStorage.clear();
  vi.stubGlobal("indexedDB", new IDBFactory());
  server = await TestServer.start();
  worker = new TestWorker({ backoff: () => 100, timeout: 300 });
  opened = [];
});

afterEach(async () => {
  for (const tab of opened) tab.close();
  worker.stop();
  await server.stop();
  vi.unstubAllGlobals();
});

async function openTab(): Promise<Chat> {
  const shared = sharing("/", { start: worker.start, whose: () => Promise.resolve(null) });
  const tab = createChat({ root: "/", socket: server.address, rest: server.rest, connect: shared });
  opened.push(tab);
  tab.goOnline();
  await eventually(() => expect(currentRoom(tab.state)?.log.state).toBe("loaded"));
  return tab;
}

const texts = (tab: Chat) => currentRoom(tab.state)?.log.messages.map(({ text }) => text);

function say(tab: Chat, text: string): void {
  const entry = currentRoom(tab.state);
  if (entry) tab.send(entry, text);
}

it("what one writes in a tab is in all of them, once", async () => {
  const [first, second] = [await openTab(), await openTab()];
  say(first, "one");
  await eventually(() => expect(texts(second)).toEqual(["one"]));
  say(second, "two");
  for (const tab of [first, second]) await eventually(() => expect(texts(tab)).toEqual(["one", "two"]));
  expect(server.sends).toHaveLength(2);
  expect(server.connections()).toBe(1);
});

it("a tab that comes later sees what was, and what comes, without a hole", async () => {
  await openTab();
  server.post(bob, { text: "before" });
  server.readingHello = () => void server.post(bob, { text: "meanwhile" });
  const second = await openTab();
  server.post(bob, { text: "after" });
  await eventually(() => expect(texts(second)).toEqual(["before", "meanwhile", "after"]));
});

it("what is read in one is read in the other", async () => {
  const [first, second] = [await openTab(), await openTab()];
  server.post(bob);
  for (const tab of [first, second]) await eventually(() => expect(attention(tab.state.rooms)).toBe(1));
  first.setReading(true);
  await eventually(() => expect(server.room.read_seq).toBe(1));
  server.tell("room.updated", { room: { ...server.room, head_seq: 1, unread: 0 } }); // to all that the user has, as it does
  await eventually(() => expect(attention(second.state.rooms)).toBe(0));
});

it("what both tabs write during an outage arrives once", async () => {
  const both = [await openTab(), await openTab()];
  server.refusal = { ok: false, error: { code: "overloaded", message: "" } };
  server.drop();
  for (const tab of both) await eventually(() => expect(tab.state.connection).toBe("connecting"));
  for (const [number, tab] of both.entries()) for (const part of ["a", "b"]) say(tab, `${part}${number}`);
  server.refusal = null;
  for (const tab of both) {
    await eventually(() => expect(texts(tab)?.toSorted()).toEqual(["a0", "a1", "b0", "b1"]));
    await eventually(() => expect(tab.outbox.entries).toEqual([]));
  }
  expect(server.events).toHaveLength(4);
});

it("a tab that goes offline leaves the other one online", async () => {
  const [first, second] = [await openTab(), await openTab()];
  first.goOffline();
  expect(first.state.connection).toBe("offline");
  server.post(bob, { text: "hello" });
  await eventually(() => expect(texts(second)).toEqual(["hello"]));
  expect(second.state.connection).toBe("connected");
  second.goOffline();
  await eventually(() => expect(server.connections()).toBe(0));
});
