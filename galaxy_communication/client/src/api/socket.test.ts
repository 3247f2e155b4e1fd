import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { TestServer } from "../../tests/server";
import { bob } from "../../tests/samples";
import { connect, type Connection, type ConnectionListener } from "./socket";

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
    refused: vi.fn(),
  };
});

afterEach(async () => {
  connection?.close();
  await server.stop();
});

function start(backoff: (attempt: number) => number = () => 1, timeout = 200): Connection {
  connection = connect(server.address, listener, { backoff, timeout });
  return connection;
}

describe("a connection", () => {
  it("says that it is connected when the server is ready, and hears events", async () => {
    start();
    await eventually(() => expect(listener.ready).toHaveBeenCalledOnce());
    expect(states).toEqual(["connecting", "connected"]);
    server.post(bob);
    await eventually(() => expect(listener.roomEvents).toHaveBeenCalledOnce());
  });

  it("comes back by itself, and says so", async () => {
    start();
    await eventually(() => expect(states).toContain("connected"));
    server.drop();
    await eventually(() => expect(listener.ready).toHaveBeenCalledTimes(2));
    expect(states).toEqual(["connecting", "connected", "connecting", "connected"]);
  });

  it("does not wait for its back-off when the network is back", async () => {
    start((attempt) => (attempt === 0 ? 1e6 : 1));
    await eventually(() => expect(states).toContain("connected"));
    server.drop();
    await eventually(() => expect(states.at(-1)).toBe("connecting"));
    window.dispatchEvent(new Event("online"));
    await eventually(() => expect(listener.ready).toHaveBeenCalledTimes(2));
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

  it("that only asks for patience is tried again", async () => {
    server.refusal = { ok: false, error: { code: "overloaded", message: "Full.", retry_after: 0.01 } };
    start();
    setTimeout(() => (server.refusal = null), 50);
    await eventually(() => expect(states).toContain("connected"));
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
