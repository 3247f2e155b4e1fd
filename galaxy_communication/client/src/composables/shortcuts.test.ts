import { describe, expect, it } from "vitest";

import { messageActions, panelAction, shortcutSections } from "./shortcuts";

function pressed(init: KeyboardEventInit, tag = "button") {
  const target = document.createElement(tag);
  document.body.replaceChildren(target);
  const event = new KeyboardEvent("keydown", { bubbles: true, composed: true, ...init });
  let action: ReturnType<typeof panelAction> = null;
  document.body.addEventListener("keydown", (heard) => (action = panelAction(heard)), { once: true });
  target.dispatchEvent(event);
  return action;
}

describe("the keys of the panel", () => {
  it("are the same with Command, and with Shift where the keyboard needs it for a sign", () => {
    expect(pressed({ key: "F", ctrlKey: true, shiftKey: true })).toBe("search");
    expect(pressed({ key: "f", metaKey: true, shiftKey: true })).toBe("search");
    expect(pressed({ key: "f", ctrlKey: true })).toBeNull();
    expect(pressed({ key: "/", ctrlKey: true, shiftKey: true })).toBe("showShortcuts");
    expect(pressed({ key: "?", shiftKey: true })).toBe("showShortcuts");
    expect(pressed({ key: "F6" })).toBe("nextRegion");
    expect(pressed({ key: "F6", shiftKey: true })).toBe("previousRegion");
    expect(pressed({ key: "ArrowUp", altKey: true })).toBe("previousRoom");
    expect(pressed({ key: "ArrowUp" })).toBeNull();
  });

  it("are not what somebody types", () => {
    expect(pressed({ key: "?", shiftKey: true }, "textarea")).toBeNull();
    expect(pressed({ key: "?", shiftKey: true }, "input")).toBeNull();
    expect(pressed({ key: "/", ctrlKey: true }, "textarea")).toBe("showShortcuts");
  });
});

describe("the keys of a message", () => {
  it("are single letters, without more", () => {
    expect(messageActions(new KeyboardEvent("keydown", { key: "p" }))).toEqual(["pin", "unpin"]);
    expect(messageActions(new KeyboardEvent("keydown", { key: "+", shiftKey: true }))).toEqual(["react"]);
    expect(messageActions(new KeyboardEvent("keydown", { key: "r", ctrlKey: true }))).toEqual([]);
    expect(messageActions(new KeyboardEvent("keydown", { key: "Delete" }))).toEqual(["delete"]);
  });
});

it("no key means two things in one place", () => {
  for (const { shortcuts } of shortcutSections) {
    const keys = shortcuts.flatMap((shortcut) => shortcut.keys);
    expect(new Set(keys).size).toBe(keys.length);
  }
});
