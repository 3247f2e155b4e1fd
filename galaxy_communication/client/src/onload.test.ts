import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { eventually } from "../tests/eventually";
import { status } from "../tests/samples";
import type { MountOptions } from "./main";

/** Stands where the chat bundle is. */
const ENTRY = "data:text/javascript,export const mount = (options) => globalThis.mountFake(options)";
const MASTHEAD = `<nav id="masthead"><ul><li>Galaxy</li></ul><ul><li id="help"></li><li id="user"></li></ul></nav>`;

type Hook = (to: { path: string }) => void;
let hooks: Hook[];
let mounted: { options: MountOptions; calls: string[] }[];

function mountFake(options: MountOptions) {
  const calls: string[] = [];
  mounted.push({ options, calls });
  return { toggle: () => calls.push("toggle"), show: () => calls.push("show"), remove: () => calls.push("remove") };
}

beforeEach(() => {
  document.body.innerHTML = MASTHEAD;
  sessionStorage.clear();
  mounted = [];
  hooks = [];
  vi.resetModules();
  vi.stubGlobal("mountFake", mountFake);
  vi.stubGlobal("__GALAXY_COMMUNICATION__", { root: "/galaxy/", entry: ENTRY });
  logIn();
  answer({ unread: 0 });
});

afterEach(() => vi.unstubAllGlobals());

function logIn(user: object = { id: "a1", isAnonymous: false }): void {
  vi.stubGlobal("Galaxy", { root: "/wrong/", user, router: { afterEach: (hook: Hook) => hooks.push(hook) } });
}

function answer(parts: Parameters<typeof status>[0]): void {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(status(parts)))));
}

const run = () => import("./onload");
const item = () => document.querySelector<HTMLElement>('[data-description="communication masthead"]');
const link = () => item()?.querySelector("a") as HTMLAnchorElement;
const badge = () => item()?.querySelector('[data-description="communication unread"]')?.textContent;

async function shown(): Promise<void> {
  await run();
  await eventually(() => expect(item()).not.toBeNull());
}

describe("no trace", () => {
  it.each([
    ["signed out", () => logIn({ id: null, isAnonymous: true })],
    ["without Galaxy's globals", () => vi.stubGlobal("Galaxy", undefined)],
    ["inside a frame", () => vi.stubGlobal("top", {})],
  ])("and no request %s", async (_case, arrange) => {
    arrange();
    await run();
    await Promise.resolve();
    expect(fetch).not.toHaveBeenCalled();
    expect(item()).toBeNull();
  });

  it("and no request where no masthead comes", async () => {
    vi.useFakeTimers();
    document.body.innerHTML = "";
    await run();
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    document.body.innerHTML = MASTHEAD;
    await new Promise((resolve) => setTimeout(resolve));
    expect(fetch).not.toHaveBeenCalled();
  });

  it.each([
    ["chat is not for this user", () => answer({ available: false })],
    ["the server fails", () => vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new Error("down"))))],
    ["there is no such route", () => vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(new Response("<html>"))))],
  ])("but one request where %s", async (_case, arrange) => {
    arrange();
    await run();
    await eventually(() => expect(fetch).toHaveBeenCalledOnce());
    await new Promise((resolve) => setTimeout(resolve));
    expect(item()).toBeNull();
    expect(mounted).toEqual([]);
  });
});

describe("the icon", () => {
  it("stands before help, under Galaxy's prefix, and loads nothing else", async () => {
    await shown();
    expect(fetch).toHaveBeenCalledExactlyOnceWith("/galaxy/api/communication/status");
    expect(item()?.nextElementSibling?.id).toBe("help");
    expect(link().getAttribute("href")).toBe("/galaxy/communication");
    expect(link().getAttribute("aria-label")).toBe("Chat");
    expect(badge()).toBeUndefined();
    expect(mounted).toEqual([]);
  });

  it("waits for the masthead", async () => {
    document.body.innerHTML = "";
    await run();
    document.body.innerHTML = MASTHEAD;
    await eventually(() => expect(item()).not.toBeNull());
  });

  it("tells what is unread, and says so in its name", async () => {
    answer({ unread: 120 });
    await shown();
    expect(badge()).toBe("99+");
    expect(link().getAttribute("aria-label")).toBe("Chat, 120 unread");
  });

  it("toggles the panel by a plain click, and by the space bar", async () => {
    await shown();
    link().click();
    await eventually(() => expect(mounted[0]?.calls).toEqual(["toggle"]));
    link().dispatchEvent(new KeyboardEvent("keydown", { key: " ", cancelable: true }));
    await eventually(() => expect(mounted[0]?.calls).toEqual(["toggle", "toggle"]));
    mounted[0]?.options.onUnread(3);
    expect(badge()).toBe("3");
    mounted[0]?.options.onOpen(true);
    expect(link().getAttribute("aria-expanded")).toBe("true");
  });

  it("leaves a click with a key to the browser", async () => {
    await shown();
    const click = new MouseEvent("click", { ctrlKey: true, cancelable: true });
    link().addEventListener("click", (event) => event.preventDefault()); // happy-dom would follow the link
    link().dispatchEvent(click);
    await new Promise((resolve) => setTimeout(resolve));
    expect(mounted).toEqual([]);
  });
});

describe("the rest is loaded at once", () => {
  it("where the tab was online, without opening the panel", async () => {
    sessionStorage.setItem("galaxy-communication-user", "a1");
    sessionStorage.setItem("galaxy-communication-online", "1");
    await run();
    await eventually(() => expect(mounted).toHaveLength(1));
    expect(mounted[0]?.calls).toEqual([]);
  });

  it("with the panel where that was open, but not for somebody else", async () => {
    sessionStorage.setItem("galaxy-communication-user", "a1");
    sessionStorage.setItem("galaxy-communication-open", "1");
    await run();
    await eventually(() => expect(mounted[0]?.calls).toEqual(["show"]));
    vi.resetModules();
    logIn({ id: "b2" });
    document.body.innerHTML = MASTHEAD;
    await shown();
    expect(mounted).toHaveLength(1);
  });
});

describe("without a reload", () => {
  it("the preference form brings chat and takes it away", async () => {
    answer({ available: false });
    await run();
    await eventually(() => expect(hooks).toHaveLength(1));
    answer({});
    hooks[0]?.({ path: "/user" });
    await eventually(() => expect(item()).not.toBeNull());
    link().click();
    await eventually(() => expect(mounted).toHaveLength(1));
    answer({ available: false });
    hooks[0]?.({ path: "/user" });
    await eventually(() => expect(item()).toBeNull());
    await eventually(() => expect(mounted[0]?.calls).toContain("remove"));
  });

  it("all goes when the chat says that it was switched off", async () => {
    await shown();
    link().click();
    await eventually(() => expect(mounted).toHaveLength(1));
    mounted[0]?.options.onGone();
    await eventually(() => expect(mounted[0]?.calls).toContain("remove"));
    expect(item()).toBeNull();
  });
});
