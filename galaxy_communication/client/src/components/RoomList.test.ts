import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Room, User } from "../api/wire";
import { eventually } from "../../tests/eventually";
import { alice, bob, created, frame, room } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

const cleo: User = { ...bob, id: "c3", username: "cleo" };
const cora: User = { ...bob, id: "c4", username: "cora" };

beforeEach(() => sessionStorage.clear());

const help = room({ id: "r2", name: "Help", kind: "persistent" });
const withBob = room({ id: "r3", name: "bob", kind: "direct", listed: false, other: bob });

async function shown(rooms: Room[], options: Options = {}) {
  const rendered = await render({ rooms, ...options });
  const entry = (name: string) => rendered.anchors("room").find(({ dataset }) => dataset["roomName"] === name);
  const badges = (name: string) => [...(entry(name)?.querySelectorAll(".badge") ?? [])].map((badge) => badge.textContent?.trim());
  return { ...rendered, entry, badges };
}

describe("the list", () => {
  it("has a section for conversations, one for rooms, and one for those to join", async () => {
    const { screen } = await shown([room(), help, withBob, room({ id: "r4", name: "Club", kind: "public", joined: false })]);
    const names = (list: string) =>
      within(screen.getByRole("list", { name: list }))
        .getAllByRole("button")
        .map(({ dataset }) => dataset["roomName"]);
    expect(names("Conversations")).toEqual(["bob"]);
    expect(names("Rooms")).toEqual(["All Chats", "Help"]);
    expect(names("More rooms")).toEqual(["Club"]);
  });

  it("counts what is new, to a limit, and tells mentions apart", async () => {
    const { badges, screen } = await shown([
      room(),
      { ...help, unread: 1000, notify: "mentions" },
      { ...withBob, unread: 3, mentions: 1 },
    ]);
    expect(badges("Help")).toEqual(["999+"]);
    expect(badges("bob")).toEqual(["@", "3"]);
    screen.getByRole("button", { name: "Help More than 999 unread messages" });
    screen.getByRole("button", { name: "bob 1 mentions you 3 unread messages" });
  });

  it("is loud where one wants to hear all, and less so elsewhere", async () => {
    const news = { unread: 2 };
    const { entry } = await shown([room(), { ...help, ...news, notify: "mentions" }, { ...withBob, ...news }]);
    const isSoft = (name: string) => entry(name)?.querySelector(".badge")?.classList.contains("soft");
    expect([isSoft("Help"), isSoft("bob")]).toEqual([true, false]);
  });

  it("has no badge for what is muted, and says that it is", async () => {
    const { badges, entry, listener, screen } = await shown([
      room(),
      { ...help, unread: 2, mentions: 1, muted_until: "2999-01-01T00:00:00Z" },
      { ...withBob, unread: 2, notify: "nothing" },
    ]);
    expect([badges("Help"), badges("bob")]).toEqual([[], []]);
    expect(entry("Help")?.classList.contains("quiet")).toBe(true);
    screen.getByRole("button", { name: "Help Muted" });
    listener.roomUpdated({ room: { ...help, unread: 2, mentions: 1, muted_until: null } });
    await settled();
    expect(badges("Help")).toEqual(["@", "2"]);
  });

  it("shows whether the other one is there", async () => {
    const { entry, listener } = await shown([room(), withBob], { welcome: { online: [alice, bob] } });
    const status = () => entry("bob")?.querySelector<HTMLElement>('[data-description="communication presence"]')?.dataset["status"];
    expect(status()).toBe("online");
    listener.presence({ changes: [{ user: bob, status: "away" }] });
    await settled();
    expect(status()).toBe("away");
    listener.presence({ changes: [{ user: bob, status: "offline" }] });
    await settled();
    expect(status()).toBeUndefined();
  });

  it("takes in a room that one was invited to, and counts what is said in it", async () => {
    const { badges, entry, listener } = await shown([room()]);
    listener.roomUpdated({ room: room({ id: "r9", name: "Secret", kind: "private", listed: false, notify: "mentions" }) });
    listener.roomEvents({ room_id: "r9", ...frame(created(1, { room_id: "r9", mentions: [alice] })) });
    await settled();
    expect(entry("Secret")).toBeTruthy();
    expect(badges("Secret")).toEqual(["@", "1"]);
  });
});

describe("more rooms", () => {
  const made = room({ id: "r9", name: "Plans", kind: "private", listed: false, role: "owner" });
  const answering: Options = {
    play: (name) => (name === "room.create" || name === "room.join" ? { room: made } : undefined),
    rest: {
      users: (query) => Promise.resolve([bob, cleo, cora].filter(({ username }) => username?.startsWith(query))),
      rooms: ({ query = "" } = {}) => Promise.resolve([room(), help, { ...made, joined: false }].filter(({ name }) => name.includes(query))),
    },
  };

  async function opened(choice: string, options: Options = {}) {
    const rendered = await shown([room()], { ...answering, ...options });
    rendered.screen.getByRole("button", { name: "New room or conversation" }).click();
    await settled();
    rendered.screen.getByRole("menuitem", { name: choice }).click();
    await settled();
    const dialog = within(rendered.screen.getByRole("dialog"));
    const type = async (box: HTMLElement, text: string) => {
      await fireEvent.input(box, { target: { value: text } });
      await settled();
    };
    return { ...rendered, dialog, type };
  }

  it("are made with a name, for whom one chooses, and opened", async () => {
    const { dialog, type, requests, entry, screen } = await opened("New room");
    const make = dialog.getByRole<HTMLButtonElement>("button", { name: "Create room" });
    expect(make.disabled).toBe(true);
    await type(dialog.getByRole("textbox", { name: "Name" }), "  Plans ");
    await type(dialog.getByRole("textbox", { name: "Topic" }), "What comes next");
    dialog.getByRole("radio", { name: /^Private/ }).click();
    const people = dialog.getByRole("combobox");
    expect(dialog.queryAllByRole("option")).toEqual([]);
    await type(people, "c");
    await eventually(() => expect(dialog.getAllByRole("option").map(({ textContent }) => textContent)).toEqual(["Ccleo", "Ccora"]));
    await fireEvent.keyDown(people, { key: "ArrowDown" });
    await fireEvent.keyDown(people, { key: "Enter" });
    await settled();
    dialog.getByRole("button", { name: "Remove cora" });
    expect(dialog.queryAllByRole("option")).toEqual([]);
    make.click();
    await settled();
    const wanted = { kind: "private", name: "Plans", topic: "What comes next", members: ["c4"] };
    expect(requests).toContainEqual(["room.create", wanted]);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(entry("Plans")?.getAttribute("aria-current")).toBe("true");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message to Plans" }));
  });

  it("are for whom one has typed, also where the answer comes later", async () => {
    const { dialog, type } = await opened("New room");
    const people = dialog.getByRole("combobox");
    await type(people, "b");
    await eventually(() => dialog.getByRole("option", { name: /bob/ }));
    await type(people, "cleo");
    await fireEvent.keyDown(people, { key: "Enter" });
    await eventually(() => dialog.getByRole("button", { name: "Remove cleo" }));
    expect(dialog.queryByRole("button", { name: "Remove bob" })).toBeNull();
  });

  it("are public only where that is allowed", async () => {
    const { dialog } = await opened("New room", { welcome: { can_create_rooms: false } });
    expect(dialog.getAllByRole("radio")).toHaveLength(1);
    dialog.getByRole("radio", { name: /^Private/, checked: true });
    dialog.getByText("Only administrators make public rooms here.");
  });

  it("that cannot be made say why, and what was typed stays", async () => {
    const { dialog, type } = await opened("New room", {
      play() {
        throw new ChatError("conflict", "There is a room of the name 'Help' already.");
      },
    });
    await type(dialog.getByRole("textbox", { name: "Name" }), "help");
    dialog.getByRole("button", { name: "Create room" }).click();
    await settled();
    expect(dialog.getByRole("alert").textContent).toContain("There is a room of the name 'Help' already.");
    expect(dialog.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("help");
  });

  it("with one other person are begun by choosing them", async () => {
    const { dialog, type, requests, screen } = await opened("New conversation");
    await type(dialog.getByRole("combobox"), "cl");
    await eventually(() => expect(dialog.getAllByRole("option")).toHaveLength(1));
    dialog.getByRole("option", { name: /cleo/ }).click();
    await settled();
    expect(requests).toContainEqual(["room.create", { kind: "direct", members: ["c3"] }]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("are found by a part of their name, and joined", async () => {
    const { dialog, type, requests, entry } = await opened("Browse rooms");
    await eventually(() => dialog.getByText("3 rooms"));
    dialog.getByRole("button", { name: "Open Help" });
    await type(dialog.getByRole("searchbox"), "Pla");
    await eventually(() => dialog.getByText("1 room"));
    dialog.getByRole("button", { name: "Join Plans" }).click();
    await settled();
    expect(requests).toContainEqual(["room.join", { room_id: "r9" }]);
    expect(entry("Plans")?.getAttribute("aria-current")).toBe("true");
  });

  it("are joined by typing their name and Enter, as in the original", async () => {
    const { dialog, type, requests } = await opened("Browse rooms");
    const box = dialog.getByRole("searchbox");
    await type(box, "Plans");
    await fireEvent.submit(box.closest("form") as HTMLFormElement);
    await settled();
    expect(requests).toContainEqual(["room.join", { room_id: "r9" }]);
  });

  it("that are always there are offered first, and say where one is in already", async () => {
    const club = room({ id: "r8", name: "A club", kind: "public", joined: false });
    const { dialog } = await opened("Browse rooms", { rest: { rooms: () => Promise.resolve([club, help, room()]) } });
    await eventually(() => dialog.getByText("3 rooms"));
    const names = (list: string) =>
      within(dialog.getByRole("list", { name: list }))
        .getAllByRole("listitem")
        .map(({ dataset, textContent }) => [dataset["roomName"], textContent?.includes("Joined")]);
    expect(names("Permanent rooms")).toEqual([["Help", true], ["All Chats", true]]);
    expect(names("More rooms")).toEqual([["A club", false]]);
  });

  it("that no list has shown are joined by their name", async () => {
    const { dialog, type, requests, entry } = await opened("Browse rooms", { rest: { rooms: () => Promise.resolve([]) } });
    const box = dialog.getByRole("searchbox");
    await type(box, "Plans");
    await fireEvent.submit(box.closest("form") as HTMLFormElement);
    await settled();
    expect(requests).toContainEqual(["room.join", { name: "Plans" }]);
    expect(entry("Plans")?.getAttribute("aria-current")).toBe("true");
  });

  it("that are nowhere are made after Enter, too, or it is said that they are nowhere", async () => {
    const play = () => {
      throw new ChatError("not_found", "There is no such room.");
    };
    const { dialog, type, screen } = await opened("Browse rooms", { play });
    await type(dialog.getByRole("searchbox"), "Picnic");
    await fireEvent.submit(dialog.getByRole("searchbox").closest("form") as HTMLFormElement);
    await settled();
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Picnic");
    const other = await opened("Browse rooms", { play, welcome: { can_create_rooms: false } });
    await other.type(other.dialog.getByRole("searchbox"), "Picnic");
    await fireEvent.submit(other.dialog.getByRole("searchbox").closest("form") as HTMLFormElement);
    await settled();
    expect(other.dialog.getByRole("alert").textContent).toContain("There is no such room.");
  });

  it("that are not there can be made where that is allowed", async () => {
    const { dialog, type, screen } = await opened("Browse rooms");
    await type(dialog.getByRole("searchbox"), "Picnic");
    await eventually(() => dialog.getByRole("button", { name: "Create “Picnic”" }));
    dialog.getByText("There is no room of this name.");
    dialog.getByRole("button", { name: "Create “Picnic”" }).click();
    await settled();
    expect(screen.getByRole<HTMLInputElement>("textbox", { name: "Name" }).value).toBe("Picnic");
  });

  it("that are not there cannot be made where that is not allowed", async () => {
    const { dialog, type } = await opened("Browse rooms", { welcome: { can_create_rooms: false } });
    await type(dialog.getByRole("searchbox"), "Picnic");
    await eventually(() => dialog.getByText("There is no room of this name."));
    expect(dialog.queryByRole("button", { name: /^Create/ })).toBeNull();
  });

  it("that cannot be had now can be asked for again", async () => {
    const rooms = vi.fn().mockRejectedValueOnce(new ChatError("disconnected", "")).mockResolvedValue([help]);
    const { dialog } = await opened("Browse rooms", { rest: { rooms } });
    await eventually(() => dialog.getByText(/could not be loaded/));
    dialog.getByRole("button", { name: "Try again" }).click();
    await eventually(() => dialog.getByText("1 room"));
  });
});
