/** The whole store against a real server that a WebSocket does not reach. */
import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { alice, bob } from "../../tests/samples";
import { eventually } from "../../tests/eventually";
import { TestServer } from "../../tests/server";
import { TestBrowser } from "../../tests/tabs";
import type { Message } from "./wire";
import { createChat, type Chat } from "../stores/chat";
import { currentRoom } from "../stores/state";
import { type RoomEntry, unreadIn } from "../stores/rooms";
import type { ConnectOptions } from "./connection";
import { connect } from "./socket";

let server: TestServer;
let chat: Chat;

beforeEach(async () => {
  sessionStorage.clear();
  vi.stubGlobal("indexedDB", new IDBFactory());
  server = await TestServer.start();
});

afterEach(async () => {
  chat.close();
  await server.stop();
  vi.unstubAllGlobals();
});

const FAST: Partial<ConnectOptions> = { backoff: () => 5, reopenPause: () => 20, pollPause: () => 10, timeout: 1_000 };

function open(options: Partial<ConnectOptions> = {}): void {
  chat = createChat({
    root: "/galaxy/",
    socket: server.address,
    rest: server.rest,
    connect: (address, listener) => connect(address, listener, { ...FAST, ...options }),
  });
  chat.goOnline();
}

const entry = () => currentRoom(chat.state) as RoomEntry;
const texts = () => entry()?.log.messages.map(({ text }) => text);
const isLoaded = () => eventually(() => expect(entry()?.log.state).toBe("loaded"));
const polls = (on: boolean) => eventually(() => expect([chat.state.connection, chat.state.polling]).toEqual(["connected", on]));

describe("where no WebSocket passes", () => {
  beforeEach(() => (server.blocksSockets = true));

  it("one reads, writes, edits and reacts over REST, and is back on the socket with nothing lost", async () => {
    open();
    await polls(true);
    await isLoaded();
    server.post(bob, { text: "from afar" });
    await eventually(() => expect(texts()).toEqual(["from afar"]));
    expect(unreadIn(entry())).toBe(1);
    chat.send(entry(), "over REST");
    await eventually(() => expect(texts()).toEqual(["from afar", "over REST"]));
    expect(chat.outbox.entries).toEqual([]);
    server.change("m1", { text: "from afar, edited" });
    await eventually(() => expect(texts()?.[0]).toBe("from afar, edited"));
    await chat.react(entry().log.messages[0] as Message, "👍", true);
    await eventually(() => expect(entry().log.messages[0]?.reactions).toMatchObject([{ emoji: "👍", users: [alice] }]));
    expect(server.welcomed).toBe(0);

    server.blocksSockets = false;
    chat.send(entry(), "between");
    server.post(bob, { text: "and bob" });
    await polls(false);
    server.post(bob, { text: "live" });
    await eventually(() => expect([...(texts() ?? [])].sort()).toEqual(["and bob", "between", "from afar, edited", "live", "over REST"]));
    const asked = server.asked.length;
    server.post(bob, { text: "live too" });
    await eventually(() => expect(texts()).toContain("live too"));
    expect(server.asked).toHaveLength(asked);
    const ids = new Set(server.sends.map(({ client_id: id }) => id)); // asked for again, it was stored once
    expect(ids.size).toBe(2);
  });

  it("it is told to be unreachable as long as REST does not reach the server either, and when that ends", async () => {
    server.answersRest = false;
    open();
    await eventually(() => expect(server.asked.length).toBeGreaterThan(1));
    expect([chat.state.connection, chat.state.polling]).toEqual(["connecting", false]);
    server.answersRest = true;
    await polls(true);
    await isLoaded();
    server.answersRest = false;
    await eventually(() => expect([chat.state.connection, chat.state.polling]).toEqual(["connecting", false]));
    chat.send(entry(), "kept");
    expect(chat.outbox.entries).toHaveLength(1);
    server.answersRest = true;
    await eventually(() => expect(texts()).toEqual(["kept"]));
  });

  it("long polling does where the server offers it", async () => {
    server.transports = ["websocket", "polling"];
    open();
    await polls(false);
    await isLoaded();
    server.post(bob, { text: "live" });
    await eventually(() => expect(texts()).toEqual(["live"]));
    expect(server.cameBy).toEqual(["polling"]);
  });

  it("a server that only is not there yet is waited for", async () => {
    server.blocksSockets = false;
    server.refusal = { ok: false, error: { code: "overloaded", message: "" } };
    open();
    await eventually(() => expect(chat.state.nextTry).not.toBeNull());
    server.refusal = null;
    await polls(false);
    expect(server.asked).toEqual([]);
  });
});

it("all tabs are served by one who asks, and a later one is told so", async () => {
  open();
  const browser = await TestBrowser.start(FAST);
  browser.server.blocksSockets = true;
  const first = browser.open();
  await eventually(() => expect(first.values("ready")).toHaveLength(1));
  const second = browser.open();
  await eventually(() => expect(second.values("ready")).toHaveLength(1));
  for (const tab of [first, second]) expect(tab.polling.at(-1)).toBe(true);
  browser.server.post(bob, { text: "x" });
  for (const tab of [first, second]) await eventually(() => expect(tab.values("roomEvents")).toHaveLength(1));
  expect(browser.server.asked.filter((asked) => asked === "POST sync")).toHaveLength(1);
  browser.server.blocksSockets = false;
  for (const tab of [first, second]) await eventually(() => expect(tab.polling.at(-1)).toBe(false));
  await browser.stop();
});
