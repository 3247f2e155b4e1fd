import { expect, it, vi } from "vitest";

import { room } from "../../tests/samples";
import { render, settled } from "../../tests/render";

it("a part that could not be loaded is told of, and comes when it is wanted again", async () => {
  vi.doMock("./secondary", () => Promise.reject(new Error("gone")));
  const warned = vi.spyOn(console, "warn");
  const complained = vi.spyOn(console, "error");
  const { screen, chat } = await render({ rooms: [room()], rest: { members: () => Promise.resolve([]) } });
  const open = async () => {
    screen.getByRole("button", { name: "Room details" }).click();
    await vi.waitFor(() => expect(chat.state.notice ?? screen.queryByRole("heading", { name: "Room details" })).toBeTruthy());
    await settled();
  };
  await open();
  expect(screen.getByRole("alert").textContent).toContain("could not be loaded");
  expect(screen.getByRole("button", { name: "Room details" }).getAttribute("aria-expanded")).toBe("false");
  vi.doUnmock("./secondary");
  chat.dismissNotice();
  await open();
  expect(chat.state.notice).toBeNull();
  expect([warned.mock.calls, complained.mock.calls]).toEqual([[], []]);
});
