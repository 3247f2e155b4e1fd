import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Message } from "../api/wire";
import { frame, message, room, updated } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const pinned = (seq: number, parts: Partial<Message> = {}) => message(seq, { pinned: true, ...parts });

/** In the head of the open room. */
async function shown(options: Options = {}) {
  const rendered = await render(options);
  const jump = vi.fn();
  Object.assign(rendered.chat, { jumpToMessage: jump });
  const head = within(document.querySelector<HTMLElement>(".room-head") ?? document.body);
  const button = head.getByRole("button", { name: "Pinned messages" });
  button.click();
  await settled();
  const texts = () => head.queryAllByRole("listitem").map((item) => item.querySelector(".message-text")?.textContent);
  return { ...rendered, jump, head, button, texts };
}

describe("the pinned messages", () => {
  it("are listed, and lead to their place", async () => {
    const pins = vi.fn(() => Promise.resolve([pinned(5), pinned(2)]));
    const { head, texts, jump, button } = await shown({ rest: { pins } });
    expect(pins).toHaveBeenCalledWith("r1");
    expect(texts()).toEqual(["text 5", "text 2"]);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Close pinned messages");
    head.getAllByRole("button", { name: "Show in the room" })[1]?.click();
    await settled();
    expect(jump).toHaveBeenCalledWith(pinned(2));
    expect(button.getAttribute("aria-expanded")).toBe("false");
    expect(head.queryByRole("dialog")).toBeNull();
  });

  it("can be taken off by those who may", async () => {
    const pin = vi.fn(() => Promise.resolve(message(2, { changed_seq: 9 })));
    let there = [pinned(2)];
    const { head, texts } = await shown({
      rooms: [room({ can_moderate: true })],
      rest: { pin, pins: () => Promise.resolve(there) },
    });
    there = [];
    head.getByRole("button", { name: "Unpin" }).click();
    await settled();
    expect(pin).toHaveBeenCalledWith("m2", false);
    expect(texts()).toEqual([]);
    head.getByText("Nothing is pinned here.");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Close pinned messages");
  });

  it("are only looked at by the others", async () => {
    const { head } = await shown({ rest: { pins: () => Promise.resolve([pinned(2)]) } });
    expect(head.queryByRole("button", { name: "Unpin" })).toBeNull();
  });

  it("follow what is pinned meanwhile, and nothing else asks again", async () => {
    const pins = vi.fn(() => Promise.resolve([pinned(2)]));
    const { listener, texts } = await shown({ rest: { pins } });
    listener.roomEvents({ room_id: "r1", ...frame({ seq: 1, type: "message.created", message: message(1) }) });
    await settled();
    expect(pins).toHaveBeenCalledTimes(1);
    pins.mockResolvedValue([pinned(1), pinned(2)]);
    listener.roomEvents({ room_id: "r1", ...frame({ ...updated(2, 1, { pinned: true }), seq: 2 }) });
    await settled();
    expect(texts()).toEqual(["text 1", "text 2"]);
    listener.state("connecting");
    await settled();
    listener.state("connected");
    await settled();
    expect(pins).toHaveBeenCalledTimes(3);
  });

  it("that cannot be had can be asked for again", async () => {
    const pins = vi.fn().mockRejectedValueOnce(new ChatError("not_found", "")).mockResolvedValueOnce([pinned(2)]);
    const { head, texts } = await shown({ rest: { pins } });
    head.getByText("The pinned messages could not be loaded.");
    head.getByRole("button", { name: "Try again" }).click();
    await settled();
    expect(texts()).toEqual(["text 2"]);
  });

  it("close with Escape, and with the room", async () => {
    const { head, button, app, chat } = await shown({ rest: { pins: () => Promise.resolve([]) } });
    await fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
    await settled();
    expect(head.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(button);
    button.click();
    await settled();
    app.unmount();
    expect(chat.pins.state.roomId).toBeNull();
  });
});
