import { afterEach, expect, it, vi } from "vitest";

import { userOfPage } from "./whose";

afterEach(() => vi.unstubAllGlobals());

function answer(body: unknown): void {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(body))));
}

it("takes Galaxy's page by its word", async () => {
  answer({ id: "b2" });
  vi.stubGlobal("Galaxy", { user: { id: "a1" } });
  expect(await userOfPage("/galaxy/")).toBe("a1");
  expect(fetch).not.toHaveBeenCalled();
});

it("asks Galaxy elsewhere", async () => {
  answer({ id: "b2" });
  expect(await userOfPage("/galaxy/")).toBe("b2");
  expect(vi.mocked(fetch).mock.lastCall?.[0]).toBe("/galaxy/api/users/current");
});

it.each([
  ["nobody is logged in", () => answer({ total_disk_usage: 0 })],
  ["there is no answer", () => vi.stubGlobal("fetch", () => Promise.reject(new Error("down")))],
  ["the answer is a page", () => vi.stubGlobal("fetch", () => Promise.resolve(new Response("<html>")))],
])("does not know it where %s", async (_case, arrange) => {
  arrange();
  expect(await userOfPage("/")).toBeNull();
});
