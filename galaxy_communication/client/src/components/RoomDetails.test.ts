import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import type { Member, Room, User } from "../api/wire";
import { eventually } from "../../tests/eventually";
import { alice, bob, room } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

const cleo: User = { ...bob, id: "c3", username: "cleo" };

beforeEach(() => sessionStorage.clear());

function member(user: User, parts: Partial<Member> = {}): Member {
  return { ...user, role: "member", joined_at: "2026-01-01T00:00:00Z", status: "offline", ...parts };
}

const inIt = [member(bob, { status: "online" }), member(cleo, { role: "moderator" }), member(alice, { role: "owner" })];
const rights = { can_manage: true, can_moderate: true, can_invite: true, role: "owner" as const };
const club = room({ id: "r2", name: "Club", kind: "private", listed: false, topic: "Old papers", member_count: 3, ...rights });

/** The details of the second room. */
async function opened(parts: Partial<Room> = {}, { rest, ...options }: Options = {}) {
  const members = vi.fn<Rest["members"]>(() => Promise.resolve(inIt));
  const rendered = await render({ rooms: [room(), { ...club, ...parts }], rest: { members, bans: () => Promise.resolve([]), ...rest }, ...options });
  rendered.anchors("room").find(({ dataset }) => dataset["roomName"] === (parts.name ?? "Club"))?.click();
  await settled();
  rendered.screen.getByRole("button", { name: "Room details" }).click();
  await settled();
  await settled();
  const details = within(rendered.anchors("room details")[0] as HTMLElement);
  const person = (name: string) => rendered.anchors("member").find(({ dataset }) => dataset["username"] === name) as HTMLElement;
  const menu = async (name: string) => {
    within(person(name)).getByRole("button", { name: `Actions: ${name}` }).click();
    await settled();
    return within(rendered.screen.getByRole("menu"));
  };
  const press = async (name: string | RegExp, place = details) => {
    place.getByRole("button", { name }).click();
    await settled();
  };
  return { ...rendered, members, details, person, menu, press };
}

const answer = (wanted: Partial<Room>): Room => ({ ...club, ...wanted });

describe("the details", () => {
  it("take the focus, and give it back to their button", async () => {
    const { details, screen, press, anchors } = await opened();
    expect(document.activeElement).toBe(details.getByRole("button", { name: "Close details" }));
    await press("Close details");
    expect(anchors("room details")).toEqual([]);
    expect(document.activeElement).toBe(screen.getByRole("button", { name: "Room details" }));
    await press("Room details", screen);
    await fireEvent.keyDown(document.activeElement as Element, { key: "Escape" });
    await settled();
    expect(anchors("room details")).toEqual([]);
  });

  it.each([
    ["removed", "You were removed from Club."],
    ["deleted", "Club was deleted, with all its messages."],
  ] as const)("go with the room where they cover it: %s", async (reason, news) => {
    const { listener, anchors, screen } = await opened();
    listener.roomRemoved({ room_id: "r2", reason });
    await settled();
    expect(anchors("room details")).toEqual([]);
    screen.getByText(news);
    await fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText(news)).toBeNull();
  });
});

describe("name and topic", () => {
  it("are changed by those who may, and only what was changed is sent", async () => {
    const changeRoom = vi.fn<Rest["changeRoom"]>((_id, wanted) => Promise.resolve(answer(wanted as Partial<Room>)));
    const { details, press } = await opened({}, { rest: { changeRoom } });
    await press("Edit name and topic");
    const topic = details.getByRole("textbox", { name: "Topic" });
    await fireEvent.input(topic, { target: { value: "New papers" } });
    await press("Save");
    expect(changeRoom).toHaveBeenCalledWith("r2", { topic: "New papers" });
    details.getByText("New papers");
    expect(document.activeElement).toBe(details.getByRole("button", { name: "Edit name and topic" }));
  });

  it("say why they were not changed", async () => {
    const changeRoom = () => Promise.reject(new ChatError("conflict", "There is one already."));
    const { details, press } = await opened({}, { rest: { changeRoom } });
    await press("Edit name and topic");
    await fireEvent.input(details.getByRole("textbox", { name: "Name" }), { target: { value: "All Chats" } });
    await press("Save");
    expect(details.getByRole("alert").textContent).toBe("There is one already.");
    await press("Cancel");
    expect(details.getByRole("heading", { level: 4, name: "Club" })).toBeTruthy();
  });

  it("are for others only to read, and change before their eyes", async () => {
    const { details, listener } = await opened({ can_manage: false });
    expect(details.queryByRole("button", { name: "Edit name and topic" })).toBeNull();
    listener.roomUpdated({ room: answer({ can_manage: false, topic: "Other papers" }) });
    await settled();
    details.getByText("Other papers");
  });
});

describe("the members", () => {
  it("are listed by role and name, with who is there; who has gone is told otherwise", async () => {
    const { anchors, members } = await opened();
    expect(members).toHaveBeenCalledWith("r2", { query: "", limit: 50 });
    expect(anchors("member").map(({ dataset }) => [dataset["username"], dataset["role"]])).toEqual([
      ["alice", "owner"],
      ["cleo", "moderator"],
      ["bob", "member"],
    ]);
    expect(anchors("member").map((row) => within(row).queryByRole("img")?.getAttribute("aria-label"))).toEqual([
      "Online",
      undefined,
      "Online",
    ]);
  });

  it("come in pages, and by name", async () => {
    const many = Array.from({ length: 50 }, (_, place) => member({ ...bob, id: `u${place}`, username: `user${place}` }));
    const { anchors, details, members, press } = await opened();
    members.mockImplementation((_id, { before, query } = {}) => {
      if (query) return Promise.resolve(many.filter(({ username }) => username === query));
      return Promise.resolve(before ? inIt : many);
    });
    const box = details.getByRole("searchbox", { name: "Find a member by name" });
    await fireEvent.input(box, { target: { value: "user7" } });
    await eventually(() => expect(anchors("member")).toHaveLength(1));
    await fireEvent.input(box, { target: { value: "nobody" } });
    await eventually(() => details.getByText("No member is called so."));
    await fireEvent.input(box, { target: { value: "" } });
    await eventually(() => expect(anchors("member")).toHaveLength(50));
    await press("Load more");
    expect(members).toHaveBeenLastCalledWith("r2", { query: "", before: "u49", limit: 50 });
    expect(anchors("member")).toHaveLength(53);
    expect(details.queryByRole("button", { name: "Load more" })).toBeNull();
  });

  it("are asked for anew when somebody comes or goes", async () => {
    const { anchors, listener, members } = await opened();
    members.mockResolvedValue(inIt.slice(1));
    listener.roomMember({ room_id: "r2", user: bob, joined: false });
    await eventually(() => expect(anchors("member")).toHaveLength(2));
  });

  it("that could not be had can be asked for again", async () => {
    const members = vi.fn().mockRejectedValueOnce(new ChatError("disconnected", "")).mockResolvedValue(inIt);
    const { press, anchors, details } = await opened({}, { rest: { members } });
    details.getByText(/could not be loaded/);
    await press("Try again");
    await eventually(() => expect(anchors("member")).toHaveLength(3));
  });
});

describe("looking after the members", () => {
  const labels = (menu: Awaited<ReturnType<Awaited<ReturnType<typeof opened>>["menu"]>>) =>
    menu.getAllByRole("menuitem").map(({ textContent }) => textContent?.trim());

  it("is what the owner may do, and not to themselves", async () => {
    const { menu, person } = await opened();
    const all = ["Message", "Make moderator", "Hand the room over", "Mute this person", "Remove from room", "Ban from this room…"];
    expect(labels(await menu("bob"))).toEqual(all);
    expect(within(person("alice")).queryByRole("button")).toBeNull();
  });

  it("is less for moderators, and little for members", async () => {
    const { menu } = await opened({ can_manage: false, role: "moderator" });
    expect(labels(await menu("bob"))).toEqual(["Message", "Mute this person", "Remove from room", "Ban from this room…"]);
    const other = await opened({ can_manage: false, can_moderate: false, role: "member" });
    expect(labels(await other.menu("cleo"))).toEqual(["Message", "Mute this person"]);
  });

  it("gives and takes roles", async () => {
    const changeMember = vi.fn<Rest["changeMember"]>(() => Promise.resolve(member(bob, { role: "moderator" })));
    const { menu, members } = await opened({}, { rest: { changeMember } });
    const asked = members.mock.calls.length;
    (await menu("bob")).getByRole("menuitem", { name: "Make moderator" }).click();
    await settled();
    expect(changeMember).toHaveBeenLastCalledWith("r2", bob.id, { role: "moderator" });
    expect(members.mock.calls.length).toBeGreaterThan(asked);
    (await menu("cleo")).getByRole("menuitem", { name: "Make member" }).click();
    await settled();
    expect(changeMember).toHaveBeenLastCalledWith("r2", cleo.id, { role: "member" });
  });

  it("hands the room over after a question", async () => {
    const changeMember = vi.fn<Rest["changeMember"]>(() => Promise.resolve(member(bob, { role: "owner" })));
    const { menu, press, details, person } = await opened({}, { rest: { changeMember } });
    (await menu("bob")).getByRole("menuitem", { name: "Hand the room over" }).click();
    await settled();
    details.getByRole("alertdialog", { name: /Make bob the owner/ });
    await press("Cancel");
    expect(changeMember).not.toHaveBeenCalled();
    expect(document.activeElement).toBe(within(person("bob")).getByRole("button", { name: "Actions: bob" }));
    (await menu("bob")).getByRole("menuitem", { name: "Hand the room over" }).click();
    await settled();
    await press("Hand over");
    expect(changeMember).toHaveBeenCalledExactlyOnceWith("r2", bob.id, { role: "owner" });
  });

  it("removes somebody after a question", async () => {
    const removeMember = vi.fn<Rest["removeMember"]>(() => Promise.resolve(null));
    const { menu, press } = await opened({}, { rest: { removeMember } });
    (await menu("bob")).getByRole("menuitem", { name: "Remove from room" }).click();
    await settled();
    await press("Remove");
    expect(removeMember).toHaveBeenCalledExactlyOnceWith("r2", bob.id);
  });

  it("begins a conversation", async () => {
    const direct = room({ id: "r7", name: "bob", kind: "direct", other: bob });
    const { menu, anchors, requests } = await opened({}, { play: (name) => (name === "room.create" ? { room: direct } : undefined) });
    (await menu("bob")).getByRole("menuitem", { name: "Message" }).click();
    await settled();
    await settled();
    expect(requests).toContainEqual(["room.create", { kind: "direct", members: [bob.id] }]);
    expect(anchors("room details")).toEqual([]);
    expect(anchors("room").find((one) => one.getAttribute("aria-current"))?.dataset["roomName"]).toBe("bob");
  });

  it("invites several people at once", async () => {
    const invite = vi.fn<Rest["invite"]>(() => Promise.resolve([]));
    const users = () => Promise.resolve([{ ...bob, id: "d4", username: "dora" }, { ...bob, id: "e5", username: "eve" }]);
    const { press, details, anchors } = await opened({}, { rest: { invite, users } });
    await press("Invite people");
    await eventually(() => expect(anchors("person option")).toHaveLength(2));
    const box = details.getByRole("combobox", { name: "Invite people to Club" });
    expect(document.activeElement).toBe(box);
    await fireEvent.keyDown(box, { key: "Enter" });
    await settled();
    await fireEvent.keyDown(box, { key: "Backspace" });
    await settled();
    expect(details.queryByRole("button", { name: "Remove dora" })).toBeNull();
    for (const name of ["dora", "eve"]) {
      details.getByRole("option", { name: new RegExp(name) }).click();
      await settled();
    }
    await press("Invite");
    expect(invite).toHaveBeenCalledWith("r2", { members: ["d4", "e5"] });
    expect(details.queryByRole("combobox", { name: "Invite people to Club" })).toBeNull();
  });
});

describe("moderating", () => {
  it("sets slow mode and makes a room read-only, and shows what the server says", async () => {
    const changeRoom = vi.fn<Rest["changeRoom"]>((_id, wanted) => Promise.resolve(answer(wanted as Partial<Room>)));
    const { details } = await opened({}, { rest: { changeRoom } });
    const slow = details.getByRole<HTMLSelectElement>("combobox", { name: /^Slow mode/ });
    expect(slow.value).toBe("0");
    await fireEvent.change(slow, { target: { value: "30" } });
    await settled();
    expect(changeRoom).toHaveBeenLastCalledWith("r2", { slow_mode_seconds: 30 });
    details.getByRole("checkbox", { name: /^Read-only/ }).click();
    await settled();
    expect(changeRoom).toHaveBeenLastCalledWith("r2", { read_only: true });
    expect(details.getByRole("link", { name: "Reported messages" }).getAttribute("href")).toBe("/communication/admin#reports");
  });

  it("keeps a pace that is none of those offered", async () => {
    const { details } = await opened({ slow_mode_seconds: 42 });
    const slow = details.getByRole<HTMLSelectElement>("combobox", { name: /^Slow mode/ });
    expect(slow.selectedOptions[0]?.textContent?.trim()).toBe("42 seconds");
  });

  it("is for administrators alone in a room that is everybody's", async () => {
    const { details } = await opened({ kind: "persistent", can_manage: false });
    details.getByRole("link", { name: "Reported messages" });
    expect(details.queryByRole("combobox", { name: /^Slow mode/ })).toBeNull();
  });

  it("is nothing for others", async () => {
    const { anchors } = await opened({ can_moderate: false });
    expect(anchors("room pace")).toEqual([]);
  });
});

describe("how much one hears", () => {
  it("is chosen, and what the server says is shown", async () => {
    const changeMembership = vi.fn<Rest["changeMembership"]>((_id, wanted) => Promise.resolve(answer(wanted as Partial<Room>)));
    const { details } = await opened({}, { rest: { changeMembership } });
    details.getByRole("radio", { name: "Every message", checked: true });
    details.getByRole("radio", { name: "Nothing" }).click();
    await settled();
    expect(changeMembership).toHaveBeenCalledWith("r2", { notify: "nothing" });
    details.getByRole("radio", { name: "Nothing", checked: true });
  });

  it("has two levels in a conversation of two", async () => {
    const { details } = await opened({ name: "bob", kind: "direct", other: bob, notify: "mentions", can_manage: false });
    expect(details.getAllByRole("radio")).toHaveLength(2);
    details.getByRole("radio", { name: "Every message", checked: true });
    expect(details.queryByRole("list", { name: "Members" })).toBeNull();
    details.getByRole("button", { name: "Mute this person" });
  });

  it("can be nothing for a while", async () => {
    const changeMembership = vi.fn<Rest["changeMembership"]>((_id, wanted) => Promise.resolve(answer(wanted as Partial<Room>)));
    const { details, press } = await opened({}, { rest: { changeMembership } });
    const before = Date.now();
    await press("For an hour");
    const until = Date.parse(changeMembership.mock.lastCall?.[1].muted_until ?? "");
    expect(until - before).toBeGreaterThanOrEqual(3_600_000);
    expect(until - before).toBeLessThan(3_660_000);
    details.getByText(/^Muted until /);
    await press("Unmute");
    expect(changeMembership).toHaveBeenLastCalledWith("r2", { muted_until: null });
    await press("Until I turn it on again");
    details.getByText("Muted until you turn it on again.");
  });
});

describe("the end of a room", () => {
  it("is its archive, after a question, and it can come back", async () => {
    const changeRoom = vi.fn<Rest["changeRoom"]>((_id, wanted) => {
      return Promise.resolve(answer({ ...(wanted as Partial<Room>), can_post: !wanted.archived }));
    });
    const { details, press } = await opened({}, { rest: { changeRoom } });
    await press("Archive this room");
    expect(changeRoom).not.toHaveBeenCalled();
    await press("Archive");
    expect(changeRoom).toHaveBeenLastCalledWith("r2", { archived: true });
    await press("Bring this room back");
    await press("Bring back");
    expect(changeRoom).toHaveBeenLastCalledWith("r2", { archived: false });
    details.getByRole("button", { name: "Archive this room" });
  });

  it("is not for those who do not look after it", async () => {
    const { details } = await opened({ can_manage: false });
    expect(details.queryByRole("button", { name: "Archive this room" })).toBeNull();
  });

  it("its owner is told who will look after it", async () => {
    const { details, press, requests } = await opened({ kind: "public", listed: true }, { play: () => ({}) });
    await press("Leave this room");
    details.getByRole("alertdialog", { name: /becomes its owner/ });
    await press("Leave");
    expect(requests).toContainEqual(["room.leave", { room_id: "r2" }]);
  });
});
