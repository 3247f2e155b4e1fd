import { beforeEach, describe, expect, it, vi } from "vitest";

import { layOut, scroll, topOf } from "../../tests/layout";
import { HEAD, messages, openList } from "../../tests/list";
import { settled, type Options } from "../../tests/render";
import { alice, bob, created, frame, message, room } from "../../tests/samples";

beforeEach(() => {
  sessionStorage.clear();
  layOut();
});

describe("the line above what is new", () => {
  it("is above the first new message of somebody else, and stays while one reads on", async () => {
    const history = messages(({ seq }) => (seq === 391 ? { user: alice } : {}));
    const { requests, listener, entry, firstNew } = await openList({ read: 390, unread: 9, history });
    expect(firstNew()).toBe(392);
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: HEAD }]);
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(firstNew()).toBe(392);
    expect(entry().room.unread).toBe(0);
  });

  it("is not there where nothing is new, and what comes while one looks is read", async () => {
    const { line, listener } = await openList();
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    listener.roomEvents({ room_id: "r1", ...frame(created(402)) });
    await settled();
    expect(line()).toBeUndefined();
  });

  it("comes where one does not look at what comes", async () => {
    const { listener, list, firstNew } = await openList();
    scroll(list, 300);
    await settled();
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(firstNew()).toBe(401);
  });

  it("goes when nobody looks and all is read, to be where the next ones begin", async () => {
    const { line, listener, firstNew } = await openList({ read: 390, unread: 10 });
    const visible = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect(line()).toBeUndefined();
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    visible.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect(firstNew()).toBe(401);
  });

  it("goes when one writes, and when one leaves the room", async () => {
    const rooms = [
      room({ head_seq: HEAD, read_seq: 390, unread: 10 }),
      room({ id: "r2", name: "Help", kind: "public", head_seq: HEAD, read_seq: 395, unread: 5 }),
    ];
    const play: Options["play"] = (name, { room_id: id, seq }: { room_id: string; seq: number }) =>
      name === "room.read" ? { room: room({ ...rooms.find((one) => one.id === id), read_seq: seq, unread: 0 }) } : undefined;
    const { line, chat, entry, anchors, firstNew } = await openList({ rooms, play });
    expect(firstNew()).toBe(391);
    chat.send(entry(), "hello");
    await settled();
    expect(line()).toBeUndefined();
    anchors("room")[1]?.click();
    await settled();
    expect(firstNew()).toBe(396);
    anchors("room")[0]?.click();
    await settled();
    anchors("room")[1]?.click();
    await settled();
    expect(line()).toBeUndefined();
  });

  it("leaves out people whom one does not want to hear", async () => {
    const eve = { ...bob, id: "e5", username: "eve" };
    const history = messages(({ seq }) => (seq <= 395 ? { user: eve } : {}));
    const { firstNew } = await openList({ read: 390, unread: 5, history, welcome: { muted: [eve] } });
    expect(firstNew()).toBe(396);
  });
});

describe("the button to the first unread", () => {
  it("is there while that is out of sight above, and goes when it was seen", async () => {
    const { button, line, row, list, firstNew } = await openList({ read: 360, unread: 40 });
    const jump = button("Jump to first unread");
    expect(firstNew()).toBe(361);
    expect(topOf(line() as Element)).toBeLessThan(0);
    jump?.click();
    await settled();
    expect(document.activeElement).toBe(row(361));
    expect(topOf(line() as Element)).toBeGreaterThanOrEqual(0);
    expect(button("Jump to first unread")).toBeNull();
    scroll(list, list.scrollHeight);
    await settled();
    expect(button("Jump to first unread")).toBeNull();
  });

  it("leads to what is far below the messages that are loaded", async () => {
    const { button, line, row, entry, firstNew } = await openList({ read: 100, unread: 300 });
    expect(line()).toBeUndefined();
    button("Jump to first unread")?.click();
    await settled();
    expect(entry().log.context).not.toBeNull();
    expect(firstNew()).toBe(101);
    expect(document.activeElement).toBe(row(101));
  });

  it("can be dismissed, and is not there where all that is new is in sight", async () => {
    const shown = await openList({ read: 360, unread: 40 });
    shown.button("Dismiss: jump to first unread")?.click();
    await settled();
    expect(shown.button("Jump to first unread")).toBeNull();
    const short = await openList({ read: 395, unread: 5 });
    expect(short.firstNew()).toBe(396);
    expect(short.button("Jump to first unread")).toBeNull();
  });
});

describe("marking unread", () => {
  const back = room({ head_seq: HEAD, read_seq: 389, unread: 11 });

  it("puts the line above the message, and nothing is read until one comes again or writes", async () => {
    const setRead = vi.fn(() => Promise.resolve(back));
    const { chat, entry, requests, listener, screen, firstNew } = await openList({ rest: { setRead } });
    await chat.markUnread(entry(), message(390));
    await settled();
    expect(setRead).toHaveBeenCalledWith("r1", { seq: 389, backward: true });
    expect(firstNew()).toBe(390);
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    screen.getByRole("img", { name: /12 unread/ });
    chat.send(entry(), "now I have read it");
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 401 }]);
  });

  it("in another tab shows here, and stays although one looks", async () => {
    const { listener, requests, screen, firstNew } = await openList({ rest: { room: () => Promise.resolve(back) } });
    listener.roomUpdated({ room: back });
    await settled();
    expect(firstNew()).toBe(390);
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    screen.getByRole("img", { name: /11 unread/ });
  });

  it("ends when one comes to the room again", async () => {
    const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help", kind: "public" })];
    const { chat, entry, anchors, requests } = await openList({ rooms, rest: { setRead: () => Promise.resolve(back) } });
    await chat.markUnread(entry(), message(390));
    anchors("room")[1]?.click();
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    anchors("room")[0]?.click();
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: HEAD }]);
  });
});
