import { beforeEach, describe, expect, it } from "vitest";

import { ChatError } from "../api/errors";
import { message, room } from "../../tests/samples";
import { render, renderOffline, settled } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const press = (target: Element | null | undefined, init: KeyboardEventInit): void => {
  target?.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, composed: true, cancelable: true, ...init }));
};

describe("the focus", () => {
  it("goes to what is near when its button goes away", async () => {
    const { screen, anchors } = await renderOffline();
    const button = screen.getByRole("button", { name: "Go online" });
    button.focus();
    button.click();
    await settled();
    expect(button.isConnected).toBe(false);
    expect(document.activeElement).toBe(anchors("status")[0]);
  });

  it("stays among the messages when a message that was not sent is discarded", async () => {
    const { chat, screen, anchors } = await render({
      play: () => {
        throw new ChatError("forbidden", "Not you.");
      },
    });
    const entry = chat.state.rooms.get("r1");
    if (entry) chat.send(entry, "Hello");
    await settled();
    const discard = screen.getByRole("button", { name: "Discard" });
    discard.focus();
    discard.click();
    await settled();
    expect(anchors("message")).toHaveLength(0);
    expect(screen.getByRole("log").contains(document.activeElement)).toBe(true);
  });

  it("goes back to writing when the button that sends has nothing more to send", async () => {
    const { chat, screen } = await render();
    const entry = chat.state.rooms.get("r1");
    if (entry) chat.draft(entry, "Hello");
    await settled();
    const send = screen.getByRole("button", { name: "Send" });
    send.focus();
    send.click();
    await settled();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: /Message to/ }));
  });

  it("is left alone where the user has taken it away", async () => {
    const { screen } = await renderOffline();
    const button = screen.getByRole("button", { name: "Go online" });
    button.focus();
    button.blur();
    await settled();
    button.click();
    await settled();
    expect(document.activeElement).toBe(document.body);
  });
});

describe("keys", () => {
  const rooms = [room({ head_seq: 3 }), room({ id: "r2", name: "Help", kind: "persistent" })];
  const history = [message(1), message(2, { text: "the **second**" }), message(3)];

  it("go from part to part and round", async () => {
    const { screen, anchors } = await render({ rooms, history });
    await settled();
    screen.getByRole("textbox", { name: /Message to/ }).focus();
    const places: (string | null | undefined)[] = [];
    for (let count = 0; count < 5; count++) {
      press(document.activeElement, { key: "F6" });
      places.push(document.activeElement?.closest("header.head, nav, [role=tablist], [role=log], form")?.className);
    }
    expect(places).toEqual(["head", "rooms", expect.stringContaining("tabs"), "messages", "composer"]);
    press(document.activeElement, { key: "F6", shiftKey: true });
    expect(document.activeElement).toBe(anchors("message").at(-1));
  });

  it("go from message to message and back to writing, and each says what it is", async () => {
    const { screen, anchors } = await render({ rooms, history });
    await settled();
    screen.getByRole("log").focus();
    press(document.activeElement, { key: "ArrowUp" });
    expect(document.activeElement).toBe(anchors("message")[2]);
    press(document.activeElement, { key: "ArrowUp" });
    expect(document.activeElement?.getAttribute("aria-label")).toMatch(/^bob, .*: the second$/);
    press(document.activeElement, { key: "r" });
    await settled();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: /Message to/ }));
    expect(anchors("composer note")[0]?.textContent).toContain("bob");
    anchors("message")[0]?.focus();
    press(document.activeElement, { key: "Escape" });
    await settled();
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: /Message to/ }));
  });

  it("go from room to room", async () => {
    const { chat, screen } = await render({ rooms, history });
    press(screen.getByRole("textbox", { name: /Message to/ }), { key: "ArrowDown", altKey: true });
    await settled();
    expect(chat.state.currentId).toBe("r2");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message to Help" }));
    press(document.activeElement, { key: "ArrowDown", altKey: true });
    expect(chat.state.currentId).toBe("r1");
  });
});
