import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import { eventually } from "../tests/eventually";
import { bob, status } from "../tests/samples";
import { TestServer } from "../tests/server";
import { mount, type MountOptions, type Mounted } from "./main";
import { rememberedOnline, rememberedOpen } from "./stores/session";

let server: TestServer;
let mounted: Mounted | undefined;

beforeEach(async () => {
  server = await TestServer.start();
  sessionStorage.clear();
  answer([]);
});

afterEach(async () => {
  mounted?.remove();
  mounted = undefined;
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  await server.stop();
});

function answer(body: unknown): void {
  vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(body))));
}

async function start(): Promise<{ options: MountOptions; chat: Mounted }> {
  const options = {
    root: "/",
    status: status({ socket: server.address }),
    onUnread: vi.fn(),
    onOpen: vi.fn(),
    onGone: vi.fn(),
  };
  mounted = await mount(options);
  return { options, chat: mounted };
}

const element = () => document.querySelector<HTMLElement>("galaxy-communication");
const inside = (selector: string) => element()?.shadowRoot?.querySelector<HTMLElement>(selector);

it("opens and closes in Galaxy's page, makes room for itself, and remembers it", async () => {
  const { options, chat } = await start();
  expect(element()?.hidden).toBe(true);
  chat.toggle();
  expect(element()?.hidden).toBe(false);
  expect(document.adoptedStyleSheets).toHaveLength(1);
  expect(rememberedOpen.get()).toBe(true);
  await eventually(() => expect(inside('[aria-label="Close chat"]')).toBeTruthy());
  inside('[aria-label="Close chat"]')?.click();
  expect(element()?.hidden).toBe(true);
  expect(document.adoptedStyleSheets).toHaveLength(0);
  expect(options.onOpen).toHaveBeenLastCalledWith(false);
});

it("has no connection before one goes online, and none after it was removed", async () => {
  const { chat, options } = await start();
  chat.show();
  await nextTick();
  expect(server.connections()).toBe(0);
  inside('[data-description="communication status"]')?.click();
  await eventually(() => expect(server.connections()).toBe(1));
  await eventually(() => expect(options.onUnread).toHaveBeenLastCalledWith(0));
  chat.remove();
  expect(element()).toBeNull();
  expect(document.adoptedStyleSheets).toHaveLength(0);
  await eventually(() => expect(server.connections()).toBe(0));
});

it("reads nothing while it is closed", async () => {
  rememberedOnline.set(true);
  const { options, chat } = await start();
  await eventually(() => expect(options.onUnread).toHaveBeenLastCalledWith(0));
  server.post(bob);
  await eventually(() => expect(options.onUnread).toHaveBeenLastCalledWith(1));
  chat.show();
  await eventually(() => expect(server.room.read_seq).toBe(1));
  expect(options.onUnread).toHaveBeenLastCalledWith(0);
});

it("is online at once where the tab was", async () => {
  rememberedOnline.set(true);
  await start();
  await eventually(() => expect(server.connections()).toBe(1));
});

it("tells when chat is switched off", async () => {
  rememberedOnline.set(true);
  const { options } = await start();
  await eventually(() => expect(server.connections()).toBe(1));
  server.tell("closed", { code: "disabled", message: "" });
  server.drop();
  await eventually(() => expect(options.onGone).toHaveBeenCalledOnce());
});

it("works where it stands in HTML, and asks for the status itself", async () => {
  answer(status({ socket: server.address }));
  document.body.innerHTML = `<galaxy-communication mode="page" root="/galaxy/"></galaxy-communication>`;
  await eventually(() => expect(inside("main")?.textContent).toContain("You are offline."));
  expect(vi.mocked(fetch).mock.lastCall?.[0]).toBe("/galaxy/api/communication/status");
  expect(inside('[aria-label="Close chat"]')).toBeNull();
});

describe("its own page, where there is no chat", () => {
  const error = { code: "not_authenticated", message: "" };
  const signedOut = () => Response.json({ err_msg: "", error }, { status: 401 });

  async function open(answers: Record<string, () => Response>): Promise<void> {
    const asked = (url: string): string => url.replace("/api/communication/", "");
    vi.stubGlobal("fetch", vi.fn((url: string) => Promise.resolve(answers[asked(url)]?.() ?? Response.error())));
    document.body.innerHTML = `<galaxy-communication mode="page" root="/"></galaxy-communication>`;
    await eventually(() => expect(inside("[data-unavailable]")).not.toBeNull());
  }

  it("says that its visitor is not logged in, and where to do so", async () => {
    history.replaceState(null, "", "/communication?room=r1");
    await open({ status: () => Response.json(status({ available: false, user_enabled: false })), preferences: signedOut });
    expect(inside("main")?.textContent).toContain("You are not logged in.");
    expect(inside("main a")?.getAttribute("href")).toBe("/login/start?redirect=%2Fcommunication%3Froom%3Dr1");
    history.replaceState(null, "", "/");
  });

  it("offers to switch it on, and then is there", async () => {
    let isWanted = false;
    await open({
      status: () => Response.json(status({ available: isWanted, user_enabled: isWanted, socket: server.address })),
      preferences: () => Response.json({ enabled: isWanted }),
    });
    expect(inside("main")?.textContent).toContain("You have not switched the chat on.");
    isWanted = true;
    inside("main button")?.click();
    await eventually(() => expect(inside("main")?.textContent).toContain("You are offline."));
    expect(vi.mocked(fetch)).toHaveBeenCalledWith("/api/communication/preferences", expect.objectContaining({ method: "PUT" }));
  });

  it("says that the administrators have switched it off", async () => {
    await open({ status: () => Response.json(status({ enabled: false, available: false, user_enabled: false })) });
    expect(inside("main")?.textContent).toContain("Chat is switched off on this Galaxy.");
  });

  it("says why when it is switched off meanwhile", async () => {
    rememberedOnline.set(true);
    let isOn = true;
    const answers: Record<string, () => Response> = {
      status: () => Response.json(status({ enabled: isOn, available: isOn, socket: server.address })),
    };
    vi.stubGlobal("fetch", vi.fn((url: string) => Promise.resolve(answers[url.split("/").at(-1) ?? ""]?.() ?? Response.json([]))));
    document.body.innerHTML = `<galaxy-communication mode="page" root="/"></galaxy-communication>`;
    await eventually(() => expect(server.connections()).toBe(1));
    isOn = false;
    server.tell("closed", { code: "disabled", message: "", retry_after: null });
    server.drop();
    await eventually(() => expect(inside("main")?.textContent).toContain("Chat is switched off on this Galaxy."));
  });
});

it("goes where the address of its page leads, once there is a connection", async () => {
  const posted = server.post(bob, { text: "Look here" });
  history.replaceState(null, "", `/communication?message=${posted.id}`);
  const answers: Record<string, unknown> = { status: status({ socket: server.address }), [`messages/${posted.id}`]: posted };
  const asked = (url: string): string => url.replace(/^.*\/api\/communication\//, "").replace(/^rooms.*/, "rooms");
  vi.stubGlobal("fetch", vi.fn((url: string) => Promise.resolve(Response.json(answers[asked(url)] ?? [posted]))));
  document.body.innerHTML = `<galaxy-communication mode="page" root="/"></galaxy-communication>`;
  await eventually(() => expect(inside("main")?.textContent).toContain("You are offline."));
  expect(vi.mocked(fetch)).toHaveBeenCalledTimes(1);
  inside('[data-description="communication status"]')?.click();
  await eventually(() => expect(inside("article.highlighted")?.textContent).toContain("Look here"));
  history.replaceState(null, "", "/");
});
