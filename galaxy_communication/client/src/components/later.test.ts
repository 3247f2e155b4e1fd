import { fireEvent } from "@testing-library/dom";
import { beforeEach, expect, it, vi } from "vitest";

import { message, room } from "../../tests/samples";
import { render, settled } from "../../tests/render";
import { secondary } from "./later";

beforeEach(() => void (secondary.value = null));

it("a key for a message whose actions could not be loaded is told of, and works when they are there", async () => {
  vi.doMock("./secondary", () => Promise.reject(new Error("gone")));
  const { screen, chat, anchors } = await render({ history: [message(1)] });
  const press = () => fireEvent.keyDown(anchors("message")[0] as HTMLElement, { key: "r" });
  await press();
  await vi.waitFor(() => expect(screen.getByRole("alert").textContent).toContain("could not be loaded"));
  vi.doUnmock("./secondary");
  chat.dismissNotice();
  await press();
  await vi.waitFor(() => expect(anchors("composer note")).toHaveLength(1));
  expect(chat.state.notice).toBeNull();
});

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

it("what helps one to write comes with the first key, and looks at what is written by then", async () => {
  const { screen } = await render({ history: [message(1)] });
  secondary.value = null;
  await settled();
  const box = screen.getByRole<HTMLTextAreaElement>("textbox");
  box.focus();
  await fireEvent.keyDown(box, { key: "@" });
  await fireEvent.input(box, { target: { value: "@b" } });
  await vi.waitFor(() => expect(screen.getByRole("listbox").textContent).toContain("@bob"));
});
