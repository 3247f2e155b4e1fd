import { afterEach, expect, it, vi } from "vitest";

import { createRest } from "./rest";

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown): void {
  vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response(JSON.stringify(body), { status })));
}

it("asks below Galaxy's prefix", async () => {
  answer(200, []);
  await createRest("/galaxy/").messages("r/1", { before: 7, limit: 50 });
  expect(vi.mocked(fetch).mock.lastCall?.[0]).toBe("/galaxy/api/communication/rooms/r%2F1/messages?before=7&limit=50");
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
