import { afterEach, expect, it, vi } from "vitest";

import { createRest, rootOf } from "./rest";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown): void {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(JSON.stringify(body), { status })));
}

it("asks below Galaxy's prefix", async () => {
  answer(200, []);
  await createRest("/galaxy/").messages("r/1", { before: 7, limit: 50 });
  expect(vi.mocked(fetch).mock.lastCall?.[0]).toBe("/galaxy/api/communication/rooms/r%2F1/messages?before=7&limit=50");
});

it("asks the server that has the chat", async () => {
  answer(200, []);
  const root = rootOf({ path: "/galaxy/communication/socket.io", namespace: "/chat", transports: ["websocket"], url: "https://chat.example.org:7070" }, "/galaxy/");
  await createRest(root).mutes();
  const [address, options] = vi.mocked(fetch).mock.lastCall ?? [];
  expect(address).toBe("https://chat.example.org:7070/galaxy/api/communication/mutes");
  expect(options?.credentials).toBe("include"); // Galaxy's cookie, also to another port
});

it.each([
  [503, { err_msg: "Busy", error: { code: "overloaded", message: "Busy", retry_after: 3 } }, "overloaded", 3],
  [404, { err_msg: "Not found", err_code: 404001 }, "not_found", null],
  [502, "<html>", "unavailable", null],
])("throws what an answer of %i means", async (status, body, code, retryAfter) => {
  answer(status, body);
  await expect(createRest("/").room("r")).rejects.toMatchObject({ code, retryAfter });
});

it("throws where there is no network", async () => {
  vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("Failed to fetch")));
  await expect(createRest("/").status()).rejects.toMatchObject({ code: "disconnected" });
});
