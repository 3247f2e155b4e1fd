import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reactive } from "vue";

import { eventually } from "../../tests/eventually";
import { alice, bob } from "../../tests/samples";
import type { TestServer } from "../../tests/server";
import { readies, TestBrowser } from "../../tests/tabs";
import { TestWorker } from "../../tests/worker";

let browser: TestBrowser;
let server: TestServer;

beforeEach(async () => {
  browser = await TestBrowser.start();
  ({ server } = browser);
});

afterEach(() => browser.stop());

describe("several tabs", () => {
  it("have one connection, and hear the same", async () => {
    const [first, second] = [browser.open(), browser.open()];
    for (const tab of [first, second]) await readies(tab, 1);
    const third = await browser.openConnected();
    server.post(bob);
    server.tell("room.typing", { room_id: "r1", user: bob });
    for (const tab of [first, second, third]) {
      await eventually(() => expect(tab.names()).toEqual(["ready", "roomEvents", "typing"]));
      expect(tab.states).toEqual(["connecting", "connected"]);
    }
    expect(server.connections()).toBe(1);
    expect(server.welcomed).toBe(1);
    expect(new Set(browser.worker.names).size).toBe(1);
  });

  it("get the answers to what they have asked, and no others", async () => {
    const [first, second] = [await browser.openConnected(), await browser.openConnected()];
    server.answers["room.join"] = { ok: false, error: { code: "overloaded", message: "Busy.", retry_after: 7 } };
    const asked = [
      first.connection.request("message.send", { room_id: "r1", text: "one", client_id: "c1" }),
      second.connection.request("message.send", { room_id: "r1", text: "two", client_id: "c2" }),
    ];
    const refused = second.connection.request("room.join", { name: "x" });
    await expect(refused).rejects.toMatchObject({ name: "ChatError", code: "overloaded", message: "Busy.", retryAfter: 7 });
    expect((await Promise.all(asked)).map(({ message }) => message.text)).toEqual(["one", "two"]);
    expect(server.sends).toHaveLength(2);
  });

  it("may send what is part of their reactive state", async () => {
    const { connection } = await browser.openConnected();
    await connection.request("sync", reactive({ rooms: { r1: 0 } }));
  });

  it("lose the connection and get it back together", async () => {
    const [first, second] = [await browser.openConnected(), await browser.openConnected()];
    server.swallowAcks = true;
    const lost = first.connection.request("message.send", { room_id: "r1", text: "hi", client_id: "c" });
    await eventually(() => expect(server.sends).toHaveLength(1));
    server.drop();
    await expect(lost).rejects.toMatchObject({ code: "disconnected" });
    for (const tab of [first, second]) {
      await readies(tab, 2);
      expect(tab.states).toEqual(["connecting", "connected", "connecting", "connected"]);
    }
    expect(server.connections()).toBe(1);
  });

  it("know when the next attempt is, also those that come meanwhile, and any of them can have it made at once", async () => {
    browser.worker.stop();
    browser.worker = new TestWorker({ backoff: () => 1e6 });
    server.refusal = { ok: false, error: { code: "overloaded", message: "" } };
    const first = browser.open();
    await eventually(() => expect(first.tries.at(-1)).toBeGreaterThan(Date.now()));
    const second = browser.open();
    await eventually(() => expect(second.tries).toEqual([first.tries.at(-1)]));
    server.refusal = null;
    second.connection.tryNow();
    for (const tab of [first, second]) await readies(tab, 1);
    expect(first.tries.at(-1)).toBeNull();
  });

  it("may go before they have come", async () => {
    let tell: (user: string | null) => void = () => undefined;
    const whose = () => new Promise<string | null>((resolve) => (tell = resolve));
    const tab = browser.open({ whose });
    tab.connection.close();
    tell(alice.id);
    await Promise.resolve();
    expect(tab.states).toEqual(["connecting", "offline"]);
    expect(browser.worker.ports).toEqual([]);
  });

  it("go one by one; the last one ends the connection", async () => {
    const [first, second] = [await browser.openConnected(), await browser.openConnected()];
    first.connection.close();
    expect(first.states.at(-1)).toBe("offline");
    await expect(first.connection.request("sync", { rooms: {} })).rejects.toMatchObject({ code: "disconnected" });
    server.post(bob);
    await eventually(() => expect(second.names()).toContain("roomEvents"));
    expect(first.names()).toEqual(["ready"]);
    expect(server.connections()).toBe(1);
    second.connection.close();
    await eventually(() => expect(server.connections()).toBe(0));
    await browser.openConnected();
    expect(server.connections()).toBe(1);
  });

  it("are away when nobody sits at any of them", async () => {
    const [first, second] = [await browser.openConnected(), await browser.openConnected()];
    await first.connection.request("presence.set", { status: "away" });
    await second.connection.request("presence.set", { status: "away" });
    expect(server.statuses).toEqual(["away"]);
    await first.connection.request("presence.set", { status: "online" });
    await second.connection.request("presence.set", { status: "online" });
    expect(server.statuses).toEqual(["away", "online"]);
    await second.connection.request("presence.set", { status: "away" });
    first.connection.close();
    await eventually(() => expect(server.statuses).toEqual(["away", "online", "away"]));
    server.drop();
    await eventually(() => expect(server.statuses).toEqual(["away", "online", "away", "away"]));
    await browser.openConnected();
    await eventually(() => expect(server.statuses.at(-1)).toBe("online"));
  });
});

describe("a tab that comes when the connection is there", () => {
  it("misses nothing that happens while it is told the state", async () => {
    const first = await browser.openConnected();
    server.readingHello = () => {
      server.post(bob);
      server.tell("room.updated", { room: { ...server.room, topic: "new" } });
      server.tell("room.member", { room_id: "r1", user: bob, joined: true });
    };
    const second = await browser.openConnected();
    await eventually(() => expect(second.names()).toEqual(["ready", "roomEvents", "roomUpdated"]));
    expect(second.values("ready")).toMatchObject([{ user: alice, rooms: [{ id: "r1", head_seq: 0 }] }]);
    expect(second.values("roomEvents")).toMatchObject([{ head_seq: 1 }]);
    expect(first.names()).toEqual(["ready", "roomEvents", "roomUpdated", "roomMember"]);
  });

  it("is told by the next connection where this one ends meanwhile", async () => {
    await browser.openConnected();
    server.readingHello = () => server.drop();
    const second = browser.open();
    await readies(second, 1);
    expect(server.welcomed).toBe(2);
  });

  it("is told once, by whichever comes first", async () => {
    let goOn: () => void = () => undefined;
    const sleep = vi.fn(() => new Promise<void>((resolve) => (goOn = resolve)));
    browser.worker = new TestWorker({ backoff: () => 1, sleep });
    await browser.openConnected();
    server.answers["hello"] = { ok: false, error: { code: "overloaded", message: "" } };
    server.readingHello = vi.fn();
    const second = browser.open();
    await eventually(() => expect(sleep).toHaveBeenCalledOnce());
    delete server.answers["hello"];
    server.drop();
    await readies(second, 1);
    goOn();
    await eventually(() => expect(server.readingHello).toHaveBeenCalledOnce());
    await second.connection.request("sync", { rooms: {} });
    expect(second.names()).toEqual(["ready"]);
  });

  it("waits for a busy server, and all get a new connection where it does not help", async () => {
    const first = await browser.openConnected();
    server.answers["hello"] = { ok: false, error: { code: "overloaded", message: "" } };
    const second = browser.open();
    for (const [tab, count] of [[first, 2], [second, 1]] as const) await readies(tab, count);
    expect(server.connections()).toBe(1);
    expect(server.welcomed).toBe(2);
  });
});

describe("a tab that goes without a word", () => {
  beforeEach(() => (browser.worker = new TestWorker({ backoff: () => 1, pingInterval: 30 })));

  it("is not waited for, and comes back when it was only frozen", async () => {
    const tab = await browser.openConnected();
    const port = browser.worker.ports[0];
    port?.freeze();
    await eventually(() => expect(server.connections()).toBe(0));
    server.post(bob);
    port?.thaw();
    await readies(tab, 2);
    expect(tab.values("ready").at(-1)).toMatchObject({ rooms: [{ head_seq: 1 }] });
    expect(tab.states).toEqual(["connecting", "connected", "connecting", "connected"]);
    expect(server.connections()).toBe(1);
  });

  it("takes nothing from the others, who give signs of life", async () => {
    const [first, second] = [await browser.openConnected(), await browser.openConnected()];
    await first.connection.request("presence.set", { status: "away" });
    browser.worker.ports[1]?.freeze();
    await eventually(() => expect(server.statuses).toEqual(["away"]));
    server.post(bob);
    await eventually(() => expect(first.names()).toEqual(["ready", "roomEvents"]));
    expect(second.names()).toEqual(["ready"]);
    expect(server.welcomed).toBe(1);
  });

  it("is gone at once when its page is hidden, and back when the browser has kept it", async () => {
    const tab = await browser.openConnected();
    const asked = tab.connection.request("sync", { rooms: {} });
    window.dispatchEvent(new Event("pagehide"));
    await expect(asked).rejects.toMatchObject({ code: "disconnected" });
    const late = tab.connection.request("sync", { rooms: {} });
    await expect(late).rejects.toMatchObject({ code: "disconnected" });
    await eventually(() => expect(server.connections()).toBe(0));
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await readies(tab, 2);
    tab.connection.close();
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await eventually(() => expect(server.connections()).toBe(0));
    expect(browser.worker.ports).toHaveLength(2);
  });
});
