import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import type { User } from "../api/wire";
import { alice, bob, created, frame, message, room } from "../../tests/samples";
import { render, renderOffline, settled, type Options } from "../../tests/render";

const cleo: User = { ...bob, id: "c3", username: "cleo" };
const dora: User = { ...bob, id: "d4", username: "dora" };

beforeEach(() => sessionStorage.clear());

describe("somebody's card", () => {
  async function opened(options: Options = {}) {
    const rendered = await render({ history: [message(1), message(2, { user: alice })], ...options });
    const [button] = rendered.anchors("person button");
    button?.click();
    await settled();
    return { ...rendered, button, card: within(rendered.screen.getByRole("dialog", { name: "About bob" })) };
  }

  it("opens by their name, not by one's own, and closes with Escape", async () => {
    const { anchors, card, button, screen } = await opened({ welcome: { online: [bob] } });
    expect(anchors("person button")).toHaveLength(1);
    card.getByText("Online");
    expect(document.activeElement).toBe(card.getByRole("button", { name: "Message" }));
    await fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
    await settled();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  it("leads to the conversation with them", async () => {
    const direct = room({ id: "r7", name: "bob", kind: "direct", listed: false, other: bob });
    const { card, requests, screen } = await opened({ play: (name) => (name === "room.create" ? { room: direct } : undefined) });
    card.getByRole("button", { name: "Message" }).click();
    await settled();
    await settled();
    expect(requests).toContainEqual(["room.create", { kind: "direct", members: [bob.id] }]);
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message to bob" }));
  });

  it("mutes them, and the server counts again what is new", async () => {
    const mutePerson = vi.fn<Rest["mutePerson"]>(() => Promise.resolve(null));
    const rooms = () => Promise.resolve([room({ head_seq: 2, read_seq: 2 }), room({ id: "r2", name: "Help", head_seq: 9, unread: 1 })]);
    const { card, anchors, screen, chat } = await opened({
      rooms: [room({ head_seq: 2, read_seq: 2 }), room({ id: "r2", name: "Help", head_seq: 9, unread: 4 })],
      rest: { mutePerson, rooms },
    });
    card.getByRole("button", { name: "Mute this person" }).click();
    await settled();
    expect(mutePerson).toHaveBeenLastCalledWith(bob.id, true);
    expect(chat.people.state.muted.get(bob.id)).toMatchObject(bob);
    screen.getByText("A message from bob, whom you have muted.");
    expect(anchors("room")[1]?.textContent).toContain("1");
    card.getByRole("button", { name: "Unmute this person" }).click();
    await settled();
    expect(mutePerson).toHaveBeenLastCalledWith(bob.id, false);
    expect(screen.queryByText("A message from bob, whom you have muted.")).toBeNull();
  });
});

describe("who is writing", () => {
  it("is said below the messages, in words", async () => {
    const { anchors, listener } = await render();
    const line = () => anchors("typing")[0]?.textContent;
    const types = async (user: User) => {
      listener.typing({ room_id: "r1", user });
      await settled();
    };
    expect(line()).toBe("");
    await types(bob);
    expect(line()).toBe("bob is writing…");
    await types(cleo);
    expect(line()).toBe("bob and cleo are writing…");
    await types(dora);
    expect(line()).toBe("Several people are writing…");
    listener.roomEvents({ room_id: "r1", ...frame(created(1, { user: dora })) });
    await settled();
    expect(line()).toBe("bob and cleo are writing…");
  });
});

describe("who comes and goes", () => {
  it("is said among the messages, in few words", async () => {
    const { anchors, listener } = await render({ rooms: [room({ head_seq: 1 })], history: [message(1)] });
    for (const user of [bob, cleo, dora, { ...bob, id: "e5", username: "eve" }]) {
      listener.roomMember({ room_id: "r1", user, joined: true });
    }
    await settled();
    expect(anchors("room notice").map(({ textContent }) => textContent)).toEqual(["bob, cleo, and 2 others joined"]);
    expect(anchors("room facts")[0]?.textContent).toBe("6 members");
    listener.roomEvents({ room_id: "r1", ...frame(created(2)) });
    listener.roomMember({ room_id: "r1", user: bob, joined: false });
    await settled();
    const order = [...document.querySelectorAll(".message, .room-notice")].map((one) => one.className.split(" ")[0]);
    expect(order).toEqual(["message", "room-notice", "message", "room-notice"]);
    expect(anchors("room notice")[1]?.textContent).toBe("bob left");
  });
});

it("without a public name one reads, and is told how to get one", async () => {
  const { anchors, screen } = await render({
    rooms: [room({ can_post: false })],
    welcome: { user: { ...alice, username: null } },
  });
  expect(anchors("composer")).toEqual([]);
  screen.getByText("Choose a public name to write.");
  expect(screen.getByRole("link", { name: "Choose a public name" }).getAttribute("href")).toBe("/user/information");
});

it("a room that one looks at without being in it can be joined", async () => {
  const other = room({ id: "r2", name: "Help", kind: "public", joined: false, can_post: false });
  const { chat, screen, requests, anchors } = await render({
    rooms: [room(), other],
    play: (name) => (name === "room.join" ? { room: { ...other, joined: true, can_post: true } } : undefined),
  });
  const entry = chat.state.rooms.get("r2");
  if (entry) chat.show(entry);
  await settled();
  expect(anchors("composer")).toEqual([]);
  within(screen.getByRole("tabpanel", { name: "Help" })).getByRole("button", { name: "Join" }).click();
  await settled();
  expect(requests).toContainEqual(["room.join", { room_id: "r2" }]);
  expect(anchors("composer")).toHaveLength(1);
});

describe("the preferences", () => {
  const kept = { enabled: true, presence: true, typing: false, notifications: true, sound: false, language: null };
  const rest = {
    preferences: () => Promise.resolve(kept),
    mutes: () => Promise.resolve([bob]),
    setPreferences: vi.fn<Rest["setPreferences"]>((wanted) => Promise.resolve({ ...kept, ...(wanted as object) })),
    mutePerson: vi.fn<Rest["mutePerson"]>(() => Promise.resolve(null)),
  };

  async function opened(answers: Options["rest"] = rest) {
    const rendered = await renderOffline({ rest: answers });
    rendered.screen.getByRole("button", { name: "Chat preferences" }).click();
    await settled();
    await settled();
    return { ...rendered, dialog: within(rendered.screen.getByRole("dialog", { name: "Chat preferences" })) };
  }

  it("are there offline too, and are told to the server", async () => {
    const { dialog, chat } = await opened();
    const isOn = (name: RegExp) => dialog.getByRole<HTMLInputElement>("switch", { name }).checked;
    expect([isOn(/when I am here/), isOn(/when I am writing/), isOn(/Notify me/)]).toEqual([true, false, true]);
    dialog.getByRole("switch", { name: /when I am here/ }).click();
    await settled();
    expect(rest.setPreferences).toHaveBeenCalledExactlyOnceWith({ presence: false });
    expect(chat.people.state.preferences.presence).toBe(false);
    expect(dialog.getByRole("link", { name: "Galaxy's preferences" }).getAttribute("href")).toBe("/user");
  });

  it("that were not taken are shown as they are", async () => {
    const setPreferences = () => Promise.reject(new ChatError("overloaded", ""));
    const { dialog } = await opened({ ...rest, setPreferences });
    const box = dialog.getByRole<HTMLInputElement>("switch", { name: /when I am here/ });
    box.click();
    await settled();
    expect(box.checked).toBe(true);
    dialog.getByRole("alert");
  });

  it("list whom one has muted, to be heard again", async () => {
    const { dialog } = await opened();
    dialog.getByRole("button", { name: "Unmute bob" }).click();
    await settled();
    expect(rest.mutePerson).toHaveBeenCalledExactlyOnceWith(bob.id, false);
    dialog.getByText("You have muted nobody.");
  });

  it("that cannot be had can be asked for again", async () => {
    const preferences = vi.fn().mockRejectedValueOnce(new ChatError("disconnected", "")).mockResolvedValue(kept);
    const { dialog } = await opened({ ...rest, preferences });
    dialog.getByText(/could not be loaded/);
    dialog.getByRole("button", { name: "Try again" }).click();
    await settled();
    expect(dialog.getAllByRole("switch")).toHaveLength(5);
  });
});
