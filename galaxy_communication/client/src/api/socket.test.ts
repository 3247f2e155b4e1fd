import { Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { TestServer } from "../../tests/server";
import { bob, ready } from "../../tests/samples";
import type { Connection, ConnectionListener, ConnectOptions } from "./connection";
import { connect } from "./socket";
import type { Wake, Wakes } from "./wakes";

let server: TestServer;
let connection: Connection | undefined;
let states: string[];
let listener: { [Name in keyof ConnectionListener]: ReturnType<typeof vi.fn<ConnectionListener[Name]>> };

beforeEach(async () => {
  server = await TestServer.start();
  states = [];
  listener = {
    state: vi.fn((state) => void states.push(state)),
    ready: vi.fn(),
    roomEvents: vi.fn(),
    roomUpdated: vi.fn(),
    roomMember: vi.fn(),
    roomRemoved: vi.fn(),
    typing: vi.fn(),
    presence: vi.fn(),
    silence: vi.fn(),
    notice: vi.fn(),
    nextTry: vi.fn(),
    polling: vi.fn(),
    refused: vi.fn(),
  };
});

afterEach(async () => {
  connection?.close();
  await server.stop();
});

function start(options: Partial<ConnectOptions> = {}): Connection {
  connection = connect(server.address, listener, { backoff: () => 1, timeout: 200, ...options });
  return connection;
}

/** Waits so long after the first attempt that no test sees a second one. */
const patient = (attempt: number): number => (attempt === 0 ? 1e6 : 1);

async function startConnected(options: Partial<ConnectOptions> = {}): Promise<Connection> {
  const opened = start(options);
  await eventually(() => expect(states).toEqual(["connecting", "connected"]));
  return opened;
}

const isBack = () => eventually(() => expect(listener.ready).toHaveBeenCalledTimes(2));

/** A tab goes to the background, and comes back. */
function comeBack(): void {
  for (const state of ["hidden", "visible"] as const) {
    vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
    document.dispatchEvent(new Event("visibilitychange"));
  }
}

function comeOnline(): void {
  window.dispatchEvent(new Event("online"));
}

const wakes: [string, () => void][] = [
  ["the network is back", comeOnline],
  ["one comes back to the tab", comeBack],
];

describe("a connection", () => {
  it("says that it is connected when the server is ready, and hears events", async () => {
    start();
    await eventually(() => expect(listener.ready).toHaveBeenCalledOnce());
    expect(states).toEqual(["connecting", "connected"]);
    server.post(bob);
    await eventually(() => expect(listener.roomEvents).toHaveBeenCalledOnce());
  });

  it("hears what came before the server was ready after what it is ready with", async () => {
    server.hangs = true;
    start();
    await eventually(() => expect(server.connections()).toBe(1));
    server.tell("room.updated", { room: { ...server.room, topic: "new" } });
    server.tell("ready", ready([server.room]));
    await eventually(() => expect(listener.roomUpdated).toHaveBeenCalledOnce());
    const [told, updated] = [listener.ready, listener.roomUpdated].map((one) => one.mock.invocationCallOrder[0] ?? 0);
    expect(told).toBeLessThan(updated ?? 0);
  });

  it("comes back by itself, and says so", async () => {
    start();
    await eventually(() => expect(states).toContain("connected"));
    server.drop();
    await eventually(() => expect(listener.ready).toHaveBeenCalledTimes(2));
    expect(states).toEqual(["connecting", "connected", "connecting", "connected"]);
  });

  it("leaves nothing when it is closed", async () => {
    const opened = start();
    await eventually(() => expect(states).toContain("connected"));
    opened.close();
    expect(states.at(-1)).toBe("offline");
    await eventually(() => expect(server.connections()).toBe(0));
    await expect(opened.request("sync", { rooms: {} })).rejects.toMatchObject({ code: "disconnected" });
  });
});

describe("the back-off", () => {
  it.each(wakes)("is not waited for when %s", async (_case, wake) => {
    await startConnected({ backoff: patient });
    server.drop();
    await eventually(() => expect(states.at(-1)).toBe("connecting"));
    wake();
    await isBack();
  });

  it("is told, and not waited for when the user does not want to", async () => {
    server.refusal = { ok: false, error: { code: "overloaded", message: "" } };
    const opened = start({ backoff: patient });
    await eventually(() => expect(listener.nextTry.mock.calls).toEqual([[null], [expect.any(Number)]]));
    expect(listener.nextTry.mock.lastCall?.[0]).toBeGreaterThan(Date.now() + 1e5);
    server.refusal = null;
    opened.tryNow();
    await eventually(() => expect(listener.ready).toHaveBeenCalledOnce());
    expect(listener.nextTry.mock.lastCall).toEqual([null]);
  });

  it("goes on for a tab in the background", async () => {
    await startConnected({ backoff: patient });
    server.drop();
    await eventually(() => expect(states.at(-1)).toBe("connecting"));
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    const connects = vi.spyOn(Socket.prototype, "connect");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(connects).not.toHaveBeenCalled();
  });
});

describe("a connection that only looks alive", () => {
  it.each(wakes)("is found out and replaced at once when %s", async (_case, wake) => {
    await startConnected({ backoff: patient, probeTimeout: 50 });
    server.pullCable();
    wake();
    await isBack();
    expect(states).toEqual(["connecting", "connected", "connecting", "connected"]);
  });

  it("is found out when a request has no answer", async () => {
    const opened = await startConnected({ backoff: patient, timeout: 50, probeTimeout: 50 });
    server.pullCable();
    await expect(opened.request("sync", { rooms: {} })).rejects.toMatchObject({ code: "timeout" });
    await isBack();
  });

  it("that is alive stays, whatever the server answers", async () => {
    server.answers["sync"] = { ok: false, error: { code: "overloaded", message: "" } };
    const opened = await startConnected({ probeTimeout: 5_000 });
    comeOnline();
    comeBack();
    await opened.request("room.read", { room_id: "r1", seq: 0 }); // answered after the probe
    expect(states).toEqual(["connecting", "connected"]);
  });

  it("ends at once when the machine goes offline", async () => {
    await startConnected({ backoff: patient });
    window.dispatchEvent(new Event("offline"));
    expect(states).toEqual(["connecting", "connected", "connecting"]);
    comeOnline();
    await isBack();
  });

  it("ends at once when somebody else says that the machine is offline, as a worker has no page to hear it", async () => {
    let wake: ((wake: Wake) => void) | undefined;
    const wakes: Wakes = (woken) => {
      wake = woken;
      return () => (wake = undefined);
    };
    const opened = await startConnected({ backoff: patient, wakes });
    wake?.("offline");
    expect(states).toEqual(["connecting", "connected", "connecting"]);
    comeOnline();
    expect(listener.ready).toHaveBeenCalledOnce();
    wake?.("online");
    await isBack();
    opened.close();
    expect(wake).toBeUndefined();
  });

  it("whose ping is overdue sends nothing on the next one, before that is ready", async () => {
    const opened = await startConnected();
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 3_600_000);
    const send = opened.request("message.send", { room_id: "r1", text: "hi", client_id: "c" });
    await expect(send).rejects.toMatchObject({ code: "disconnected" });
    await isBack();
    expect(server.sends).toEqual([]);
  });
});

describe("an attempt that hangs", () => {
  it("is given up, and tried again", async () => {
    server.hangs = true;
    start({ readyTimeout: 100 });
    await eventually(() => expect(server.welcomed).toBeGreaterThan(1));
    expect(states).toEqual(["connecting"]);
    server.hangs = false;
    await eventually(() => expect(states).toEqual(["connecting", "connected"]));
    await eventually(() => expect(server.connections()).toBe(1));
  });

  it("is begun anew when the network is back", async () => {
    server.hangs = true;
    start();
    await eventually(() => expect(server.welcomed).toBe(1));
    server.hangs = false;
    comeBack();
    comeOnline();
    await eventually(() => expect(states).toEqual(["connecting", "connected"]));
    expect(server.welcomed).toBe(2);
  });
});

describe("a refusal", () => {
  it("ends the connection for one whose session is over", async () => {
    server.refusal = { ok: false, error: { code: "not_authenticated", message: "Log in." } };
    start();
    await eventually(() => expect(listener.refused).toHaveBeenCalledOnce());
    expect(listener.refused.mock.lastCall?.[0]).toMatchObject({ code: "not_authenticated", message: "Log in." });
    expect(states).toEqual(["connecting", "offline"]);
  });

  it("as disabled is believed only after some attempts, because a starting server says it too", async () => {
    server.refusal = { ok: false, error: { code: "disabled", message: "Still starting." } };
    start();
    await eventually(() => expect(states).toEqual(["connecting"]));
    server.refusal = null;
    await eventually(() => expect(states).toEqual(["connecting", "connected"]));
    server.drop();
    server.refusal = { ok: false, error: { code: "disabled", message: "Off." } };
    await eventually(() => expect(listener.refused).toHaveBeenCalledOnce());
  });

  it("that only asks for patience is tried again, each time soon after the time that it names", async () => {
    server.refusal = { ok: false, error: { code: "overloaded", message: "Full.", retry_after: 0.01 } };
    const backoff = vi.fn<(attempt: number) => number>(() => 1);
    start({ backoff });
    await eventually(() => expect(backoff.mock.calls.length).toBeGreaterThan(2));
    server.refusal = null;
    await eventually(() => expect(states).toContain("connected"));
    expect(new Set(backoff.mock.calls.flat())).toEqual(new Set([0]));
    expect(listener.refused).not.toHaveBeenCalled();
  });

  it("by a server that restarts is none: one comes back after the time that it names, and a moment more", async () => {
    await startConnected({ backoff: () => 1_000 });
    const now = Date.now();
    server.tell("closed", { code: "overloaded", message: "The server restarts.", retry_after: 5 });
    server.drop();
    await eventually(() => expect(states).toEqual(["connecting", "connected", "connecting"]));
    const at = listener.nextTry.mock.lastCall?.[0] ?? 0;
    expect(at).toBeGreaterThanOrEqual(now + 6_000);
    expect(at).toBeLessThan(now + 16_000);
    expect(listener.refused).not.toHaveBeenCalled();
  });

  it("can come later, by `closed`", async () => {
    start();
    await eventually(() => expect(states).toContain("connected"));
    server.tell("closed", { code: "disabled", message: "Switched off." });
    server.drop();
    await eventually(() => expect(listener.refused).toHaveBeenCalledOnce());
    expect(states.at(-1)).toBe("offline");
  });
});

describe("a request", () => {
  it("gives the ack", async () => {
    const opened = start();
    await eventually(() => expect(states).toContain("connected"));
    const answer = await opened.request("message.send", { room_id: "r1", text: "hi", client_id: "c" });
    expect(answer.message.text).toBe("hi");
  });

  it("throws the server's error", async () => {
    server.answers["room.join"] = { ok: false, error: { code: "not_found", message: "No such room." } };
    const opened = start();
    await eventually(() => expect(states).toContain("connected"));
    await expect(opened.request("room.join", { name: "x" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("throws when nobody answers, and when the connection goes meanwhile", async () => {
    server.swallowAcks = true;
    const opened = start();
    await eventually(() => expect(states).toContain("connected"));
    const send = () => opened.request("message.send", { room_id: "r1", text: "hi", client_id: "c" });
    await expect(send()).rejects.toMatchObject({ code: "timeout" });
    const second = expect(send()).rejects.toMatchObject({ code: "disconnected" });
    server.drop();
    await second;
  });
});
