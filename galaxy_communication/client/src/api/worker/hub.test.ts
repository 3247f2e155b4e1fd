/** Whose connection it is. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { eventually } from "../../../tests/eventually";
import { alice, bob, ready } from "../../../tests/samples";
import type { TestServer } from "../../../tests/server";
import { readies, TestBrowser } from "../../../tests/tabs";

let browser: TestBrowser;
let server: TestServer;

beforeEach(async () => {
  browser = await TestBrowser.start();
  ({ server } = browser);
});

afterEach(() => browser.stop());

describe("a refusal", () => {
  it("reaches all tabs, and ends nothing for good", async () => {
    const both = [await browser.openConnected(), await browser.openConnected()];
    server.tell("closed", { code: "disabled", message: "Switched off." });
    server.drop();
    for (const tab of both) {
      await eventually(() => expect(tab.values("refused")).toMatchObject([{ name: "ChatError", code: "disabled" }]));
      expect(tab.states.at(-1)).toBe("offline");
    }
    expect(server.connections()).toBe(0);
    await browser.openConnected();
  });

  it("for want of a session is believed at once by a single tab", async () => {
    const tab = await browser.openConnected();
    server.tell("closed", { code: "not_authenticated", message: "" });
    server.drop();
    await eventually(() => expect(tab.values("refused")).toMatchObject([{ code: "not_authenticated" }]));
    expect(server.welcomed).toBe(1);
  });

  it("for want of a session is doubted once where a tab came later, as it may have a new one", async () => {
    const both = [await browser.openConnected(), await browser.openConnected()];
    server.tell("closed", { code: "not_authenticated", message: "" });
    server.drop();
    for (const tab of both) await readies(tab, 2);
    expect(server.welcomed).toBe(2);
    server.refusal = { ok: false, error: { code: "not_authenticated", message: "" } };
    server.drop();
    for (const tab of both) await eventually(() => expect(tab.values("refused")).toHaveLength(1));
  });
});

describe("when somebody else has logged in", () => {
  const whose = (id: string) => ({ whose: () => Promise.resolve(id) });

  it("their tab gets a connection of theirs, and the one before hears that its session is over", async () => {
    const first = await browser.openConnected(whose(alice.id));
    server.user = bob;
    const second = browser.open(whose(bob.id));
    await readies(second, 1);
    expect(second.values("ready")).toMatchObject([{ user: bob }]);
    await eventually(() => expect(first.values("refused")).toMatchObject([{ code: "not_authenticated" }]));
    expect(first.values("ready")).toHaveLength(1);
    expect(server.connections()).toBe(1);
  });

  it("the tab before is not given what theirs may see, however the connection was lost", async () => {
    const first = await browser.openConnected();
    server.user = bob;
    server.drop();
    await eventually(() => expect(first.values("refused")).toMatchObject([{ code: "not_authenticated" }]));
    expect(first.values("ready")).toMatchObject([{ user: alice }]);
    await eventually(() => expect(server.connections()).toBe(0));
  });

  it("while a connection was being made, this one is not used", async () => {
    server.hangs = true;
    const first = browser.open(whose(alice.id));
    await eventually(() => expect(server.welcomed).toBe(1));
    const second = browser.open(whose(bob.id));
    await eventually(() => expect(browser.worker.ports[1]?.received).toBeGreaterThan(0));
    server.hangs = false;
    server.user = bob;
    server.tell("ready", ready([], { user: alice }));
    for (const tab of [first, second]) await eventually(() => expect(tab.values("ready")).toMatchObject([{ user: bob }]));
    expect(server.welcomed).toBe(2);
  });

  it("the server's word counts more than that of a page which is out of date", async () => {
    await browser.openConnected(whose(alice.id));
    const stale = browser.open(whose("c3"));
    await readies(stale, 1);
    expect(stale.values("ready")).toMatchObject([{ user: alice }]);
    expect(server.welcomed).toBe(2);
  });
});
