import { screen } from "@testing-library/dom";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApp, h, nextTick, ref, type App } from "vue";

import { chatKey, type ChatContext } from "../composables/useChat";
import { createDock, type Dock } from "../dock";
import DockSeparator from "./DockSeparator.vue";
import MenuButton from "./MenuButton.vue";
import PanelMenu from "./PanelMenu.vue";
import { faEllipsisVertical } from "./icons";

const PAGE = "/galaxy/communication";

let app: App;
let dock: Dock;
const close = vi.fn();
const preferences = vi.fn();
const own = { location: { href: "about:blank" }, focus: vi.fn() };

beforeEach(() => {
  localStorage.clear();
  close.mockClear();
  vi.stubGlobal("innerWidth", 1300);
  vi.stubGlobal("innerHeight", 800);
  document.body.innerHTML = `<div></div><iframe name="galaxy_main"></iframe>`;
  dock = createDock(document.createElement("div"));
  const menu = ({ anchor, close: closeMenu }: { anchor: HTMLElement; close: () => void }) =>
    h(PanelMenu, { anchor, dock, onClose: closeMenu, onPreferences: preferences });
  app = createApp(() => [h(DockSeparator, { dock }), h(MenuButton, { icon: faEllipsisVertical, label: "Menu" }, { default: menu })]);
  const context: Partial<ChatContext> = { root: "/galaxy/", mode: "docked", dock, isOpen: ref(true), close };
  app.provide(chatKey, context as ChatContext);
  app.mount(document.querySelector("div") as Element);
});

afterEach(() => {
  app.unmount();
  vi.unstubAllGlobals();
});

async function item(name: string): Promise<HTMLElement> {
  screen.getByRole("button", { name: "Menu" }).click();
  await nextTick();
  return screen.getByRole("menuitem", { name });
}

function click(element: HTMLElement, init: MouseEventInit = {}): boolean {
  // happy-dom would follow the link
  let followed = true;
  const last = (event: Event): void => {
    followed = !event.defaultPrevented;
    event.preventDefault();
  };
  addEventListener("click", last, { once: true });
  element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ...init }));
  return followed;
}

it("moves the panel, and names the way back", async () => {
  click(await item("Dock at the bottom"));
  expect(dock.side.value).toBe("bottom");
  click(await item("Dock at the side"));
  expect(dock.side.value).toBe("end");
  expect(close).not.toHaveBeenCalled();
});

it("opens a window of its own, and closes the panel", async () => {
  const open = vi.spyOn(window, "open").mockReturnValue(own as unknown as Window);
  expect(click(await item("Open in its own window"))).toBe(false);
  expect(open).toHaveBeenCalledExactlyOnceWith("", "galaxy-communication", expect.stringContaining("popup"));
  expect(own.location.href).toBe(PAGE);
  expect(own.focus).toHaveBeenCalledOnce();
  expect(close).toHaveBeenCalledOnce();
});

it("leaves a window that shows the chat as it is", async () => {
  const shown = { location: { href: `${new URL(PAGE, location.href)}?message=5` }, focus: vi.fn() };
  vi.spyOn(window, "open").mockReturnValue(shown as unknown as Window);
  click(await item("Open in its own window"));
  expect(shown.location.href).toContain("?message=5");
  expect(shown.focus).toHaveBeenCalledOnce();
});

it("leaves it to the browser where keys are held, or no window may be opened", async () => {
  const open = vi.spyOn(window, "open").mockReturnValue(null);
  expect(click(await item("Open in its own window"), { ctrlKey: true })).toBe(true);
  expect(open).not.toHaveBeenCalled();
  expect(close).not.toHaveBeenCalled();
  expect(click(screen.getByRole("menuitem", { name: "Open in its own window" }))).toBe(true);
  expect(close).toHaveBeenCalledOnce();
});

it("has a link into Galaxy's centre, where there is one, that the space bar follows", async () => {
  const link = await item("Open in Galaxy’s centre");
  expect([link.getAttribute("href"), link.getAttribute("target")]).toEqual([PAGE, "galaxy_main"]);
  addEventListener("click", (event) => event.preventDefault(), { once: true });
  link.dispatchEvent(new KeyboardEvent("keydown", { key: " ", bubbles: true, cancelable: true }));
  expect(close).toHaveBeenCalledOnce();
  document.querySelector("iframe")?.remove();
  await nextTick();
  await item("Open in its own window");
  expect(screen.queryByRole("menuitem", { name: "Open in Galaxy’s centre" })).toBeNull();
});

it("has no place to choose where the panel takes all", async () => {
  vi.stubGlobal("innerWidth", 400);
  dock.show();
  await item("Chat preferences");
  expect(screen.queryByRole("menuitem", { name: "Dock at the bottom" })).toBeNull();
  expect(screen.queryByRole("separator")).toBeNull();
  dock.hide();
});

it("is resized by keys", async () => {
  const line = screen.getByRole("separator", { name: "Resize the chat" });
  const press = (key: string): boolean => line.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
  const values = () => ["now", "min", "max"].map((name) => line.getAttribute(`aria-value${name}`));
  expect([line.getAttribute("aria-orientation"), ...values()]).toEqual(["vertical", "351", "320", "780"]);
  press("ArrowLeft");
  press("ArrowLeft");
  press("ArrowRight");
  expect(dock.size.value).toBe(371);
  expect(press("ArrowUp")).toBe(true);
  press("End");
  await nextTick();
  expect(values()).toEqual(["780", "320", "780"]);
  dock.move("bottom");
  await nextTick();
  expect(line.getAttribute("aria-orientation")).toBe("horizontal");
  press("Home");
  press("ArrowUp");
  expect(dock.size.value).toBe(244);
});
