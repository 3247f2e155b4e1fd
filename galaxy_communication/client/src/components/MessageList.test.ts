import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Message } from "../api/wire";
import { HEIGHT, layOut, scroll, topOf } from "../../tests/layout";
import { render, settled, type Options, type Rendered } from "../../tests/render";
import { alice, bob, created, message, room, updated } from "../../tests/samples";
import { currentRoom } from "../stores/state";
import type { RoomEntry } from "../stores/rooms";

const HEAD = 400;

beforeEach(() => {
  sessionStorage.clear();
  layOut();
});

interface Shown extends Rendered {
  list: HTMLElement;
  entry: () => RoomEntry;
  row: (seq: number) => HTMLElement | null;
  seqs: () => number[];
  line: () => HTMLElement | undefined;
  button: (name: string | RegExp) => HTMLElement | null;
}

async function open({ unread = 0, read = HEAD, history = messages(HEAD), ...options }: Options & { unread?: number; read?: number } = {}): Promise<Shown> {
  const rooms = options.rooms ?? [room({ head_seq: history.length, read_seq: read, unread })];
  const rendered = await render({ ...options, history, rooms });
  await settled();
  return {
    ...rendered,
    get list() {
      return rendered.screen.getByRole("log");
    },
    entry: () => currentRoom(rendered.chat.state) as RoomEntry,
    row: (seq) => rendered.screen.getByRole("log").querySelector(`[data-seq="${seq}"]`),
    seqs: () => rendered.anchors("message").map(({ dataset }) => Number(dataset["seq"])),
    line: () => rendered.anchors("unread line")[0],
    button: (name) => rendered.screen.queryByRole("button", { name }),
  };
}

function messages(count: number, parts: Partial<Message> = {}): Message[] {
  return Array.from({ length: count }, (_, index) => message(index + 1, parts));
}

const next = (line: HTMLElement | undefined): string | undefined => (line?.nextElementSibling as HTMLElement | null)?.dataset["seq"];

describe("the list", () => {
  it("is at its end, and stays there when something comes", async () => {
    const { list, row, listener } = await open();
    expect(topOf(row(400) as Element)).toBe(HEIGHT - 20);
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(list.scrollTop).toBe(list.scrollHeight - HEIGHT);
    expect(row(401)).not.toBeNull();
  });

  it("keeps what one reads in its place while older ones come above and new ones below", async () => {
    const { list, row, seqs, listener } = await open();
    scroll(list, 250);
    const place = topOf(row(370) as Element);
    await settled();
    expect(seqs()[0]).toBeLessThan(351);
    expect(topOf(row(370) as Element)).toBe(place);
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(topOf(row(370) as Element)).toBe(place);
  });

  it("lets go of old messages while one reads the newest for weeks", async () => {
    const { entry, listener, seqs } = await open();
    const events = Array.from({ length: 800 }, (_, index) => created(HEAD + index + 1));
    listener.roomEvents({ room_id: "r1", events, head_seq: HEAD + 800 });
    await settled();
    expect(seqs()).toHaveLength(400);
    expect([entry().log.hasOlder, seqs().at(-1)]).toEqual([true, HEAD + 800]);
  });

  it("that could not be loaded can be tried again", async () => {
    let fails = true;
    const { screen, button, seqs } = await open({
      rest: { messages: () => (fails ? Promise.reject(new ChatError("forbidden", "")) : Promise.resolve(messages(2))) },
    });
    screen.getByText("The messages could not be loaded.");
    fails = false;
    button("Try again")?.click();
    await settled();
    expect(seqs()).toEqual([1, 2]);
  });
});

describe("jumping to a message", () => {
  it("far below shows it in the middle, with the focus, standing out", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const opening = open();
    await vi.advanceTimersByTimeAsync(10);
    const { chat, row, list } = await opening;
    const jump = chat.jumpTo("r1", 100);
    await vi.advanceTimersByTimeAsync(10);
    await jump;
    const target = row(100) as HTMLElement;
    expect(topOf(target)).toBe((HEIGHT - 20) / 2);
    expect(document.activeElement).toBe(target);
    expect(target.classList).toContain("highlighted");
    expect(list.getAttribute("aria-live")).toBe("off");
    await vi.advanceTimersByTimeAsync(3000);
    expect(target.classList).not.toContain("highlighted");
    vi.useRealTimers();
  });

  it("that is on the screen already only goes there", async () => {
    const { chat, row, entry } = await open();
    await chat.jumpToMessage(message(380));
    await settled();
    expect(entry().log.context).toBeNull();
    expect(topOf(row(380) as Element)).toBe((HEIGHT - 20) / 2);
  });

  it("twice goes there twice", async () => {
    const { chat, row, list } = await open();
    await chat.jumpTo("r1", 100);
    await settled();
    scroll(list, 500);
    await chat.jumpTo("r1", 100);
    await settled();
    expect(topOf(row(100) as Element)).toBe((HEIGHT - 20) / 2);
  });

  it("opens its room", async () => {
    const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help", kind: "public", head_seq: HEAD, read_seq: HEAD })];
    const { chat, anchors, row } = await open({ rooms });
    await chat.jumpTo("r2", 100);
    await settled();
    expect(anchors("room").find((one) => one.getAttribute("aria-current"))?.dataset["roomName"]).toBe("Help");
    expect(document.activeElement).toBe(row(100));
  });

  it("keeps its place while pages come on both sides, and goes on into the newest", async () => {
    const { chat, row, list, seqs, entry } = await open();
    await chat.jumpTo("r1", 250);
    await settled();
    const place = topOf(row(250) as Element);
    scroll(list, list.scrollTop - 100);
    await settled();
    expect(topOf(row(250) as Element)).toBe(place + 100);
    expect(seqs()[0]).toBeLessThan(225);
    for (let i = 0; i < 20 && entry().log.context; i++) {
      scroll(list, list.scrollTop + 300);
      await settled();
    }
    expect(entry().log.context).toBeNull();
    expect(seqs().at(-1)).toBe(HEAD);
    expect(new Set(seqs()).size).toBe(seqs().length);
  });

  it("hears what becomes of the messages there, and of new ones only in the button", async () => {
    const { chat, listener, anchors, button, seqs } = await open();
    await chat.jumpTo("r1", 100);
    await settled();
    listener.roomEvents({ room_id: "r1", events: [updated(401, 100, { text: "edited" }), created(402)], head_seq: 402 });
    await settled();
    expect(anchors("message text").map(({ textContent }) => textContent?.trim())).toContain("edited");
    expect(seqs()).not.toContain(402);
    button("1 new message")?.click();
    await settled();
    expect(seqs().at(-1)).toBe(402);
    expect(button(/new/)).toBeNull();
  });

  it("reads nothing of what is not shown", async () => {
    const { chat, listener, requests, button } = await open();
    await chat.jumpTo("r1", 100);
    await settled();
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    button("1 new message")?.click();
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 401 }]);
  });

  it("ends when one writes", async () => {
    const { chat, entry, list, row } = await open();
    await chat.jumpTo("r1", 100);
    await settled();
    chat.send(entry(), "hello");
    await settled();
    expect(entry().log.context).toBeNull();
    expect(row(400)).not.toBeNull();
    expect(list.scrollTop).toBe(list.scrollHeight - HEIGHT);
  });

  it("that cannot be seen says so", async () => {
    const missing = () => Promise.reject(new ChatError("not_found", "There is no such message."));
    const { chat, screen } = await open({ rest: { message: missing, room: missing } });
    await chat.openLink("m9", null);
    await settled();
    screen.getByText("This message is gone, or in a room that you cannot see.");
    chat.dismissNotice();
    await chat.openLink(null, "elsewhere");
    await settled();
    screen.getByText("This message is gone, or in a room that you cannot see.");
  });
});

describe("the line above what is new", () => {
  it("is above the first new message of somebody else, and stays while one reads on", async () => {
    const history = messages(HEAD).map((one) => (one.seq === 391 ? { ...one, user: alice } : one));
    const { line, requests, listener, entry } = await open({ read: 390, unread: 9, history });
    expect(next(line())).toBe("392");
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: HEAD }]);
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(next(line())).toBe("392");
    expect(entry().room.unread).toBe(0);
  });

  it("is not there where nothing is new, and what comes while one looks is read", async () => {
    const { line, listener } = await open();
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    listener.roomEvents({ room_id: "r1", events: [created(402)], head_seq: 402 });
    await settled();
    expect(line()).toBeUndefined();
  });

  it("comes where one does not look at what comes", async () => {
    const { line, listener, list } = await open();
    scroll(list, 300);
    await settled();
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(next(line())).toBe("401");
  });

  it("goes when nobody looks and all is read, to be where the next ones begin", async () => {
    const { line, listener } = await open({ read: 390, unread: 10 });
    const visible = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect(line()).toBeUndefined();
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    visible.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    await settled();
    expect(next(line())).toBe("401");
  });

  it("goes when one writes, and when one leaves the room", async () => {
    const rooms = [
      room({ head_seq: HEAD, read_seq: 390, unread: 10 }),
      room({ id: "r2", name: "Help", kind: "public", head_seq: HEAD, read_seq: 395, unread: 5 }),
    ];
    const play: Options["play"] = (name, { room_id: id, seq }: { room_id: string; seq: number }) =>
      name === "room.read" ? { room: room({ ...rooms.find((one) => one.id === id), read_seq: seq, unread: 0 }) } : undefined;
    const { line, chat, entry, anchors } = await open({ rooms, play });
    expect(next(line())).toBe("391");
    chat.send(entry(), "hello");
    await settled();
    expect(line()).toBeUndefined();
    anchors("room")[1]?.click();
    await settled();
    expect(next(line())).toBe("396");
    anchors("room")[0]?.click();
    await settled();
    anchors("room")[1]?.click();
    await settled();
    expect(line()).toBeUndefined();
  });

  it("leaves out people whom one does not want to hear", async () => {
    const eve = { ...bob, id: "e5", username: "eve" };
    const history = messages(HEAD).map((one) => (one.seq <= 395 ? { ...one, user: eve } : one));
    const { line } = await open({ read: 390, unread: 5, history, welcome: { muted: [eve] } });
    expect(next(line())).toBe("396");
  });
});

describe("the button to the first unread", () => {
  it("is there while that is out of sight above, and goes when it was seen", async () => {
    const { button, line, row, list } = await open({ read: 360, unread: 40 });
    const jump = button("Jump to first unread");
    expect(next(line())).toBe("361");
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
    const { button, line, row, entry } = await open({ read: 100, unread: 300 });
    expect(line()).toBeUndefined();
    button("Jump to first unread")?.click();
    await settled();
    expect(entry().log.context).not.toBeNull();
    expect(next(line())).toBe("101");
    expect(document.activeElement).toBe(row(101));
  });

  it("can be dismissed, and is not there where all that is new is in sight", async () => {
    const shown = await open({ read: 360, unread: 40 });
    shown.button("Dismiss: jump to first unread")?.click();
    await settled();
    expect(shown.button("Jump to first unread")).toBeNull();
    const short = await open({ read: 395, unread: 5 });
    expect(next(short.line())).toBe("396");
    expect(short.button("Jump to first unread")).toBeNull();
  });
});

describe("marking unread", () => {
  const back = room({ head_seq: HEAD, read_seq: 389, unread: 11 });

  it("puts the line above the message, and nothing is read until one comes again or writes", async () => {
    const setRead = vi.fn(() => Promise.resolve(back));
    const { chat, entry, line, requests, listener, screen } = await open({ rest: { setRead } });
    await chat.markUnread(entry(), message(390));
    await settled();
    expect(setRead).toHaveBeenCalledWith("r1", { seq: 389, backward: true });
    expect(next(line())).toBe("390");
    listener.roomEvents({ room_id: "r1", events: [created(401)], head_seq: 401 });
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    screen.getByRole("img", { name: /12 unread/ });
    chat.send(entry(), "now I have read it");
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 401 }]);
  });

  it("in another tab shows here, and stays although one looks", async () => {
    const { listener, requests, line, screen } = await open({ rest: { room: () => Promise.resolve(back) } });
    listener.roomUpdated({ room: back });
    await settled();
    expect(next(line())).toBe("390");
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    screen.getByRole("img", { name: /11 unread/ });
  });

  it("ends when one comes to the room again", async () => {
    const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help", kind: "public" })];
    const { chat, entry, anchors, requests } = await open({ rooms, rest: { setRead: () => Promise.resolve(back) } });
    await chat.markUnread(entry(), message(390));
    anchors("room")[1]?.click();
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    anchors("room")[0]?.click();
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: HEAD }]);
  });
});
