/** What becomes of a tab's line to the worker, and what where there can be none. */
import { Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../../../tests/eventually";
import type { TestServer } from "../../../tests/server";
import { readies, type Tab, TestBrowser } from "../../../tests/tabs";
import { TestWorker } from "../../../tests/worker";
import { sharing, type SharedOptions } from "../shared";
import { connect } from "../socket";
import { LINK_TIMES } from "./link";

let browser: TestBrowser;
let server: TestServer;

beforeEach(async () => {
  browser = await TestBrowser.start();
  ({ server } = browser);
});

afterEach(() => browser.stop());

describe("a wake-up", () => {
  it("of any tab finds out a connection that only looks alive", async () => {
    const both = [await browser.openConnected(), await browser.openConnected()];
    server.pullCable();
    window.dispatchEvent(new Event("online"));
    for (const tab of both) await readies(tab, 2);
    expect(server.welcomed).toBe(2);
  });

  it("without a network ends it, and with one begins it, once for all tabs", async () => {
    browser.worker = new TestWorker({ backoff: () => 1e6 });
    const both = [await browser.openConnected(), await browser.openConnected()];
    window.dispatchEvent(new Event("offline"));
    for (const tab of both) await eventually(() => expect(tab.states.at(-1)).toBe("connecting"));
    const connects = vi.spyOn(Socket.prototype, "connect");
    window.dispatchEvent(new Event("online"));
    for (const tab of both) await readies(tab, 2);
    expect(connects).toHaveBeenCalledOnce();
  });
});

describe("a worker that dies", () => {
  const times = { ...LINK_TIMES, request: 50, probe: 50 };

  it("is found out by a request, and started again", async () => {
    const tab = await browser.openConnected({ times });
    browser.worker.die();
    const asked = tab.connection.request("sync", { rooms: {} });
    await expect(asked).rejects.toMatchObject({ code: "timeout" });
    await readies(tab, 2);
  });

  it("is found out by one who comes back to the tab", async () => {
    const tab = await browser.openConnected({ times });
    browser.worker.die();
    document.dispatchEvent(new Event("visibilitychange"));
    await readies(tab, 2);
  });

  it("is found out by its silence", async () => {
    const tab = await browser.openConnected({ times: { ...times, silence: 50 } });
    browser.worker.die();
    await readies(tab, 2);
    expect(tab.states).toEqual(["connecting", "connected", "connecting", "connected"]);
  });
});

describe("where there is no worker", () => {
  const silent = () => ({ port: { postMessage: () => undefined, close: () => undefined } as unknown as MessagePort });

  it.each<[string, Partial<SharedOptions>]>([
    [
      "as it cannot be started",
      {
        start: () => {
          throw new Error("SecurityError");
        },
      },
    ],
    [
      "as its script cannot be loaded",
      {
        start() {
          const started = { ...silent(), onerror: null as (() => void) | null };
          setTimeout(() => started.onerror?.());
          return started;
        },
      },
    ],
    ["as it says nothing", { start: () => ({ ...silent(), onerror: null }), times: { ...LINK_TIMES, start: 50 } }],
  ])("%s, each tab has a connection of its own", async (_case, options) => {
    const own = vi.fn(connect);
    const both = [await browser.openConnected({ ...options, own }), await browser.openConnected({ ...options, own })];
    expect(own).toHaveBeenCalledTimes(2);
    expect(server.connections()).toBe(2);
    const [first, second] = both as [Tab, Tab];
    await first.connection.request("message.send", { room_id: "r1", text: "hi", client_id: "c" });
    await eventually(() => expect(second.names()).toEqual(["ready", "roomEvents"]));
    first.connection.close();
    expect(first.states).toEqual(["connecting", "connected", "offline"]);
    await eventually(() => expect(server.connections()).toBe(1));
  });

  it("and the browser does not know such a thing, nothing is tried", () => {
    expect(sharing("/", { own: connect })).toBe(connect);
  });
});
