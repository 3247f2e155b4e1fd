import { afterEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import type { Address, Connection, ConnectionListener } from "./connection";
import { connectOwn } from "./own";

const address: Address = { namespace: "/communication", path: "/communication/socket.io/", url: null, transports: ["websocket"], root: "/" };
const states: string[] = [];
const listener = { state: (state: string) => void states.push(state) } as unknown as ConnectionListener;
const socket = { request: vi.fn(() => Promise.resolve("answer")), close: vi.fn() };
const connect = vi.fn(() => socket as unknown as Connection);

afterEach(() => {
  states.length = 0;
  vi.clearAllMocks();
});

describe("a tab's own connection", () => {
  it("is made when its code is there", async () => {
    const connection = connectOwn(address, listener, () => Promise.resolve({ connect }));
    expect(states).toEqual(["connecting"]);
    await expect(connection.request("hello", {})).rejects.toMatchObject({ code: "disconnected" });
    await eventually(() => expect(connect).toHaveBeenCalledWith(address, listener));
    expect(await connection.request("hello", {})).toBe("answer");
    connection.close();
    expect(socket.close).toHaveBeenCalledOnce();
  });

  it("is tried again when its code does not come", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const load = vi.fn(() => Promise.resolve({ connect })).mockRejectedValueOnce(new TypeError("no network"));
    connectOwn(address, listener, load);
    await eventually(() => expect(connect).toHaveBeenCalledOnce());
    expect(load).toHaveBeenCalledTimes(2);
  });

  it("is not made when it was closed before", async () => {
    const loading = Promise.resolve({ connect });
    connectOwn(address, listener, () => loading).close();
    await loading;
    await Promise.resolve();
    expect(connect).not.toHaveBeenCalled();
    expect(states).toEqual(["connecting", "offline"]);
  });
});
