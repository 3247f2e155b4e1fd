import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Page } from "../api/rest";
import { HEIGHT, layOut, scroll, topOf } from "../../tests/layout";
import { HEAD, messages, openList } from "../../tests/list";
import { pageOf } from "../../tests/pages";
import { settled } from "../../tests/render";
import { created, frame, message, room, updated } from "../../tests/samples";

beforeEach(() => {
  sessionStorage.clear();
  layOut();
});

describe("the list", () => {
  it("is at its end, and stays there when something comes", async () => {
    const { list, row, listener } = await openList();
    expect(topOf(row(400) as Element)).toBe(HEIGHT - 20);
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(list.scrollTop).toBe(list.scrollHeight - HEIGHT);
    expect(row(401)).not.toBeNull();
  });

  it("stays at its end when what is there has grown unnoticed before something comes", async () => {
    const { list, row, listener } = await openList();
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    row(399)?.append("tall");
    expect(list.scrollTop).toBeLessThan(list.scrollHeight - HEIGHT - 40);
    listener.roomEvents({ room_id: "r1", ...frame(created(402)) });
    await settled();
    expect(list.scrollTop).toBe(list.scrollHeight - HEIGHT);
  });

  it("keeps what one reads in its place while older ones come above and new ones below", async () => {
    const { list, row, seqs, listener } = await openList();
    scroll(list, 250);
    const place = topOf(row(370) as Element);
    await settled();
    expect(seqs()[0]).toBeLessThan(351);
    expect(topOf(row(370) as Element)).toBe(place);
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(topOf(row(370) as Element)).toBe(place);
  });

  it("moves nothing that one sees when what is partly out of sight changes its height", async () => {
    const { list, row, listener } = await openList();
    scroll(list, 510);
    const place = topOf(row(390) as Element);
    const cut = [...list.querySelectorAll("article")].find((one) => topOf(one) < 0 && topOf(one) > -20);
    const change = updated(401, Number(cut?.dataset["seq"]), { text: "tall" });
    listener.roomEvents({ room_id: "r1", ...frame(change) });
    await settled();
    expect(topOf(row(390) as Element)).toBe(place);
  });

  it("lets go of old messages while one reads the newest for weeks", async () => {
    const { entry, listener, seqs } = await openList();
    const events = Array.from({ length: 800 }, (_, index) => created(HEAD + index + 1));
    listener.roomEvents({ room_id: "r1", ...frame(...events) });
    await settled();
    expect(entry().log.messages).toHaveLength(400);
    expect([entry().log.hasOlder, seqs().at(-1)]).toEqual([true, HEAD + 800]);
  });

  it("has only what is near the view in the DOM, wherever one scrolls", async () => {
    const { list, seqs, entry } = await openList();
    for (let i = 0; i < 20 && entry().log.hasOlder; i++) {
      scroll(list, 0);
      await settled();
    }
    expect(entry().log.messages).toHaveLength(HEAD);
    for (const top of [list.scrollHeight, 0, 3_000, 3_100, 6_000, 500]) {
      scroll(list, top);
      await settled();
      const seen = [...list.querySelectorAll("article")].filter((one) => topOf(one) >= 0 && topOf(one) < HEIGHT);
      expect(seen.length).toBeGreaterThan(HEIGHT / 20 - 3); // the rest are what stands at an end
      expect(seqs().length).toBeLessThan(120);
      expect(seqs()).toEqual(seqs().map((_, index) => (seqs()[0] as number) + index));
    }
  });

  it("does not move because the message with the focus leaves the DOM", async () => {
    const { list, row } = await openList();
    row(399)?.focus();
    const focus = vi.spyOn(HTMLElement.prototype, "focus");
    for (let i = 0; i < 20 && row(399); i++) {
      scroll(list, 0);
      await settled();
    }
    await settled();
    expect(row(399)).toBeNull();
    expect(focus.mock.calls).not.toEqual([]);
    expect(focus.mock.calls.filter(([options]) => !options?.preventScroll)).toEqual([]);
    expect(list.contains(document.activeElement)).toBe(true);
  });

  it("that could not be loaded can be tried again", async () => {
    let fails = true;
    const { screen, button, seqs } = await openList({
      rest: { messages: () => (fails ? Promise.reject(new ChatError("forbidden", "")) : Promise.resolve([message(1), message(2)])) },
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
    const opening = openList();
    await vi.advanceTimersByTimeAsync(10);
    const { chat, row } = await opening;
    const jump = chat.jumpTo("r1", 100);
    await vi.advanceTimersByTimeAsync(10);
    await jump;
    const target = row(100) as HTMLElement;
    expect(topOf(target)).toBe((HEIGHT - 20) / 2);
    expect(document.activeElement).toBe(target);
    expect(target.classList).toContain("highlighted");
    await vi.advanceTimersByTimeAsync(3000);
    expect(target.classList).not.toContain("highlighted");
    vi.useRealTimers();
  });

  it("that is on the screen already only goes there", async () => {
    const { chat, row, entry } = await openList();
    await chat.jumpToMessage(message(380));
    await settled();
    expect(entry().log.context).toBeNull();
    expect(topOf(row(380) as Element)).toBe((HEIGHT - 20) / 2);
  });

  it("fetches no more than it needs", async () => {
    const asked = vi.fn((_id: string, page: Page) => Promise.resolve(pageOf(messages(), page)));
    const { chat } = await openList({ rest: { messages: asked } });
    asked.mockClear();
    await chat.jumpTo("r1", 200);
    await settled();
    expect(asked.mock.calls.map(([, page]) => page)).toEqual([{ around: 200, limit: 50 }]);
  });

  it("leaves one free to scroll on at once, whatever comes", async () => {
    const { chat, list, listener } = await openList();
    await chat.jumpTo("r1", 200);
    await settled();
    list.scrollTop = 310; // the browser has not told yet
    listener.roomEvents({ room_id: "r1", ...frame(updated(401, 200)) });
    await settled();
    expect(list.scrollTop).toBe(310);
  });

  it("twice goes there twice", async () => {
    const { chat, row, list } = await openList();
    await chat.jumpTo("r1", 100);
    await settled();
    scroll(list, 500);
    await chat.jumpTo("r1", 100);
    await settled();
    expect(topOf(row(100) as Element)).toBe((HEIGHT - 20) / 2);
  });

  it("opens its room", async () => {
    const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help", kind: "public", head_seq: HEAD, read_seq: HEAD })];
    const { chat, anchors, row } = await openList({ rooms });
    await chat.jumpTo("r2", 100);
    await settled();
    expect(anchors("room").find((one) => one.getAttribute("aria-current"))?.dataset["roomName"]).toBe("Help");
    expect(document.activeElement).toBe(row(100));
  });

  it("keeps its place while pages come on both sides, and goes on into the newest", async () => {
    const { chat, row, list, seqs, entry } = await openList();
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
    const known = entry().log.messages.map(({ seq }) => seq);
    expect(known.at(-1)).toBe(HEAD);
    expect(new Set(known).size).toBe(known.length);
  });

  it("hears what becomes of the messages there, and of new ones only in the button", async () => {
    const { chat, listener, anchors, button, seqs } = await openList();
    await chat.jumpTo("r1", 100);
    await settled();
    listener.roomEvents({ room_id: "r1", ...frame(updated(401, 100, { text: "edited" }), created(402)) });
    await settled();
    expect(anchors("message text").map(({ textContent }) => textContent?.trim())).toContain("edited");
    expect(seqs()).not.toContain(402);
    button("1 new message")?.click();
    await settled();
    expect(seqs().at(-1)).toBe(402);
    expect(button(/new/)).toBeNull();
  });

  it("reads nothing of what is not shown", async () => {
    const { chat, listener, requests, button } = await openList();
    await chat.jumpTo("r1", 100);
    await settled();
    listener.roomEvents({ room_id: "r1", ...frame(created(401)) });
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.read");
    button("1 new message")?.click();
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 401 }]);
  });

  it("into a room with something new leaves that new", async () => {
    const rooms = [room({ head_seq: HEAD, read_seq: HEAD }), room({ id: "r2", name: "Help", kind: "public", head_seq: HEAD, unread: 9 })];
    const { chat, requests, row } = await openList({
      rooms,
      rest: {
        async messages(_id, page) {
          if (page.around) await settled(); // later than the newest page
          return pageOf(messages(), page);
        },
      },
    });
    await chat.jumpTo("r2", 100);
    await settled();
    expect(document.activeElement).toBe(row(100));
    expect(requests.map(([name]) => name)).not.toContain("room.read");
  });

  it("ends when one writes", async () => {
    const { chat, entry, list, row } = await openList();
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
    const { chat, screen } = await openList({ rest: { message: missing, room: missing } });
    await chat.openLink("m9", null);
    await settled();
    screen.getByText("This message is gone, or in a room that you cannot see. Ask who sent you the link.");
    chat.dismissNotice();
    await chat.openLink(null, "elsewhere");
    await settled();
    screen.getByText("This message is gone, or in a room that you cannot see. Ask who sent you the link.");
  });
});
