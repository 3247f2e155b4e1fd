import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { created, frame, room } from "../../tests/samples";
import { render, settled } from "../../tests/render";

const help = room({ id: "r2", name: "Help", kind: "persistent" });
const ngs = room({ id: "r3", name: "NGS", kind: "persistent" });

beforeEach(() => {
  sessionStorage.clear();
  Element.prototype.scrollIntoView = vi.fn();
});

/** With all three rooms open, and the first one shown. */
async function opened() {
  const rendered = await render({ rooms: [room(), help, ngs] });
  const tabs = (): HTMLElement[] => within(rendered.screen.getByRole("tablist", { name: "Open rooms" })).getAllByRole("tab");
  const names = () => tabs().map(({ dataset }) => dataset["roomName"]);
  const current = () => tabs().find((tab) => tab.ariaSelected === "true" || tab.getAttribute("aria-selected") === "true")?.dataset["roomName"];
  const tab = (name: string): HTMLElement => rendered.screen.getByRole("tab", { name: new RegExp(`^${name}`) });
  const press = async (key: string): Promise<void> => {
    await fireEvent.keyDown(document.activeElement as Element, { key });
    await settled();
  };
  for (const entry of [1, 2, 0]) {
    rendered.anchors("room")[entry]?.click();
    await settled();
  }
  return { ...rendered, tabs, names, current, tab, press };
}

describe("the tabs", () => {
  it("are the rooms that one opened, in that order", async () => {
    const { names, current, screen, tab } = await opened();
    expect(names()).toEqual(["All Chats", "Help", "NGS"]);
    expect(current()).toBe("All Chats");
    expect(screen.getByRole("tabpanel", { name: "All Chats" }).id).toBe(tab("All Chats").getAttribute("aria-controls"));
  });

  it("show their room by a click, where one can write at once", async () => {
    const { current, tab, screen, anchors } = await opened();
    tab("NGS").click();
    await settled();
    expect(current()).toBe("NGS");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message to NGS" }));
    expect(anchors("room").find((entry) => entry.ariaCurrent || entry.getAttribute("aria-current"))?.dataset["roomName"]).toBe("NGS");
  });

  it("are one stop of the keyboard, among which arrows lead without opening anything", async () => {
    const { current, tab, tabs, press } = await opened();
    expect(tabs().map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
    tab("All Chats").focus();
    await press("ArrowRight");
    expect(document.activeElement).toBe(tab("Help"));
    await press("End");
    await press("ArrowRight");
    expect(document.activeElement).toBe(tab("All Chats"));
    await press("ArrowLeft");
    expect(document.activeElement).toBe(tab("NGS"));
    expect(current()).toBe("All Chats");
  });

  it("are led through the other way where one writes from right to left", async () => {
    const { tab, press, screen } = await opened();
    screen.getByRole("tablist").style.direction = "rtl";
    tab("All Chats").focus();
    await press("ArrowLeft");
    expect(document.activeElement).toBe(tab("Help"));
  });
});

describe("a tab is closed", () => {
  it("by its cross, without leaving the room", async () => {
    const { names, anchors, requests } = await opened();
    anchors("close tab")[1]?.click();
    await settled();
    expect(names()).toEqual(["All Chats", "NGS"]);
    expect(anchors("room")).toHaveLength(3);
    expect(requests.map(([name]) => name)).not.toContain("room.leave");
  });

  it("by the middle button of the mouse, and not by others", async () => {
    const { names, tab } = await opened();
    await fireEvent(tab("NGS"), new MouseEvent("auxclick", { button: 2, bubbles: true }));
    expect(names()).toHaveLength(3);
    await fireEvent(tab("NGS"), new MouseEvent("auxclick", { button: 1, bubbles: true }));
    await settled();
    expect(names()).toEqual(["All Chats", "Help"]);
  });

  it("by Delete, which leaves the focus among the tabs, until one is left", async () => {
    const { names, current, tab, press, anchors } = await opened();
    tab("All Chats").focus();
    await press("Delete");
    expect([names(), current()]).toEqual([["Help", "NGS"], "Help"]);
    expect(document.activeElement).toBe(tab("Help"));
    await press("End");
    await press("Delete");
    expect(document.activeElement).toBe(tab("Help"));
    await press("Delete");
    expect(names()).toEqual(["Help"]);
    expect(anchors("close tab")).toEqual([]);
  });

  it("by the menu", async () => {
    const { names, screen } = await opened();
    screen.getByRole("button", { name: "Open room" }).click();
    await settled();
    screen.getByRole("menuitem", { name: "Close other tabs" }).click();
    await settled();
    expect(names()).toEqual(["All Chats"]);
    screen.getByRole("button", { name: "Open room" }).click();
    await settled();
    expect(screen.queryByRole("menuitem", { name: /^Close/ })).toBeNull();
  });

  it("with the room that one left, and the one behind it shows", async () => {
    const { names, current, listener, tab } = await opened();
    tab("Help").click();
    await settled();
    listener.roomRemoved({ room_id: "r2", reason: "left" });
    await settled();
    expect([names(), current()]).toEqual([["All Chats", "NGS"], "NGS"]);
  });
});

describe("what is new", () => {
  it("is counted on its tab, which is gold until one has read it", async () => {
    const { listener, tab, screen } = await opened();
    const isGold = (): boolean => tab("NGS").parentElement?.classList.contains("news") ?? false;
    expect(isGold()).toBe(false);
    listener.roomEvents({ room_id: "r3", ...frame(created(1, { room_id: "r3" })) });
    await settled();
    screen.getByRole("tab", { name: "NGS 1 unread message" });
    expect(isGold()).toBe(true);
    tab("NGS").click();
    await settled();
    expect(isGold()).toBe(false);
  });

  it("does not show where one wants to hear nothing", async () => {
    const { listener, tab } = await opened();
    listener.roomUpdated({ room: { ...ngs, notify: "nothing", unread: 2, head_seq: 2 } });
    await settled();
    expect(tab("NGS").parentElement?.classList.contains("news")).toBe(false);
  });
});

describe("the list above the room", () => {
  it("can be put away, and says how much is new; it stays so", async () => {
    const { anchors, screen, listener, app } = await opened();
    const fold = screen.getByRole("button", { name: "Rooms" });
    fold.click();
    await settled();
    expect(fold.getAttribute("aria-expanded")).toBe("false");
    expect(anchors("room")).toEqual([]);
    listener.roomEvents({ room_id: "r3", ...frame(created(1, { room_id: "r3" })) });
    await settled();
    screen.getByRole("button", { name: "Rooms 1 unread message" });
    app.unmount();
    const again = await render({ rooms: [room(), help] });
    expect(again.anchors("room")).toEqual([]);
    again.screen.getByRole("button", { name: "Rooms" }).click();
    await settled();
    expect(again.anchors("room")).toHaveLength(2);
  });
});
