import { fireEvent } from "@testing-library/dom";
import { beforeEach, expect, it, vi } from "vitest";

import type { Page } from "../api/rest";
import { pageOf } from "../../tests/pages";
import { created, frame, message, room } from "../../tests/samples";
import { render, settled } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const history = Array.from({ length: 120 }, (_, place) => message(place + 1));
const rooms = [room({ head_seq: 120, read_seq: 120 }), room({ id: "r2", name: "Help", kind: "public" })];

async function cleared() {
  const messages = vi.fn((_id: string, page: Page) => Promise.resolve(pageOf(history, page)));
  const rendered = await render({ rooms, rest: { messages } });
  const seqs = () => rendered.anchors("message").map(({ dataset }) => Number(dataset["seq"]));
  const press = async (parts: KeyboardEventInit): Promise<boolean> => {
    const isDefault = await fireEvent.keyDown(rendered.anchors("composer")[0] as Element, parts);
    await settled();
    return isDefault;
  };
  await press({ key: "l", ctrlKey: true });
  messages.mockClear();
  return { ...rendered, messages, seqs, press };
}

function hear({ listener }: Awaited<ReturnType<typeof cleared>>, seq: number): void {
  listener.roomEvents({ room_id: "r1", ...frame(created(seq)) });
}

it("Ctrl+L clears the view; what comes shows, and nothing older is fetched", async () => {
  const view = await cleared();
  expect(view.seqs()).toEqual([]);
  view.screen.getByText("View cleared.");
  expect(document.activeElement).toBe(view.anchors("composer")[0]);
  hear(view, 121);
  await settled();
  expect(view.seqs()).toEqual([121]);
  expect(view.messages).not.toHaveBeenCalled();
});

it("is the chat's key only with Ctrl alone", async () => {
  const view = await cleared();
  expect(await view.press({ key: "l", ctrlKey: true })).toBe(false);
  expect(await view.press({ key: "l", ctrlKey: true, shiftKey: true })).toBe(true);
  expect(await view.press({ key: "l", metaKey: true })).toBe(true);
});

it("the history comes back on request, above what came", async () => {
  const view = await cleared();
  hear(view, 121);
  await settled();
  view.screen.getByRole("button", { name: "Show history" }).click();
  await settled();
  expect(view.seqs().slice(-3)).toEqual([119, 120, 121]);
  expect(view.screen.queryByText("View cleared.")).toBeNull();
  expect(document.activeElement).toBe(view.screen.getByRole("log"));
});

it("it stays cleared while one looks at another room, which is not", async () => {
  const view = await cleared();
  view.anchors("room")[1]?.click();
  await settled();
  expect(view.screen.queryByText("View cleared.")).toBeNull();
  view.anchors("room")[0]?.click();
  await settled();
  expect(view.seqs()).toEqual([]);
});

it("a jump to an old message brings the history back", async () => {
  const view = await cleared();
  await view.chat.jumpTo("r1", 110);
  await settled();
  expect(view.seqs()).toContain(110);
  expect(view.screen.queryByText("View cleared.")).toBeNull();
});

it("an empty room has nothing to clear; the menu does what the keys do", async () => {
  const { screen, anchors } = await render({ rooms: [room()] });
  screen.getByRole("button", { name: "Open room" }).click();
  await settled();
  screen.getByRole("menuitem", { name: /^Clear view/ }).click();
  await settled();
  expect(anchors("cleared")).toEqual([]);
});
