import { fireEvent } from "@testing-library/dom";
import { beforeEach, describe, expect, it } from "vitest";

import { composer, sent } from "../../tests/composer";
import { eventually } from "../../tests/eventually";
import { settled } from "../../tests/render";
import { alice, message } from "../../tests/samples";

beforeEach(() => sessionStorage.clear());

describe("the preview", () => {
  async function previewing(text: string) {
    const shown = await composer({ history: [message(1), message(2, { user: alice, text: "mine" })] });
    await shown.type(text);
    const toggle = shown.screen.getByRole("button", { name: "Preview" });
    const area = () => shown.screen.queryByRole("group", { name: "Preview of your message" });
    return { ...shown, toggle, area };
  }

  it("shows what one has written as it will look, and leads back to the place in it", async () => {
    const { box, toggle, area } = await previewing("**bold** @bob");
    box.setSelectionRange(3, 5);
    expect(toggle.getAttribute("aria-pressed")).toBe("false");
    toggle.click();
    await settled();
    expect(toggle.getAttribute("aria-pressed")).toBe("true");
    expect(area()?.querySelector("strong")?.textContent).toBe("bold");
    expect(area()?.querySelector(".mention")?.textContent).toBe("@bob");
    expect([document.activeElement, box.style.display]).toEqual([area(), "none"]);
    toggle.click();
    await settled();
    expect([area(), document.activeElement, box.value]).toEqual([null, box, "**bold** @bob"]);
    expect([box.selectionStart, box.selectionEnd]).toEqual([3, 5]);
  });

  it("is opened and closed with Ctrl+Shift+Enter, which sends nothing, and left with Escape", async () => {
    const { press, area, ...rest } = await previewing("hello");
    await press({ ctrlKey: true, shiftKey: true });
    expect(area()).not.toBeNull();
    await fireEvent.keyDown(area() as HTMLElement, { key: "Enter", ctrlKey: true, shiftKey: true });
    await settled();
    expect(area()).toBeNull();
    await press({ metaKey: true, shiftKey: true });
    await fireEvent.keyDown(area() as HTMLElement, { key: "Escape" });
    await settled();
    expect([area(), sent(rest), rest.box.value]).toEqual([null, [], "hello"]);
  });

  it("is sent with Enter, and one goes on writing", async () => {
    const { toggle, area, box, ...rest } = await previewing("hello");
    toggle.click();
    await settled();
    await fireEvent.keyDown(area() as HTMLElement, { key: "Enter" });
    await settled();
    expect(sent(rest)).toMatchObject([["message.send", { text: "hello" }]]);
    expect([area(), box.value, document.activeElement]).toEqual([null, "", box]);
  });

  it("is there for an edit, too", async () => {
    const { press, type, toggle, area, requests } = await previewing("");
    await press({ key: "ArrowUp" });
    await type("~~mine~~");
    toggle.click();
    await settled();
    expect(area()?.querySelector("s")?.textContent).toBe("mine");
    await fireEvent.keyDown(area() as HTMLElement, { key: "Enter" });
    await settled();
    expect(requests).toContainEqual(["message.edit", { message_id: "m2", text: "~~mine~~" }]);
  });

  it("of nothing says so", async () => {
    const { toggle, area } = await previewing(" ");
    toggle.click();
    await settled();
    expect(area()?.textContent).toBe("There is nothing to preview yet.");
  });
});

it("an emoji is chosen with a button, and put where the caret is", async () => {
  const { type, box, screen } = await composer();
  await type("go, go");
  box.setSelectionRange(2, 2);
  screen.getByRole("button", { name: "Insert an emoji" }).click();
  const picker = await eventually(() => screen.getByRole("dialog", { name: "Choose an emoji" }));
  await eventually(() => expect(picker.querySelectorAll(".emoji").length).toBeGreaterThan(35));
  picker.querySelector<HTMLElement>('[aria-label="rocket"]')?.click();
  await settled();
  expect([box.value, document.activeElement, screen.queryByRole("dialog")]).toEqual(["go 🚀, go", box, null]);
});
