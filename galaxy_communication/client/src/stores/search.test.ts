import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import { createRest, type Rest, type Search } from "../api/rest";
import type { Message } from "../api/wire";
import { bob, message, room } from "../../tests/samples";
import { putRoom } from "./rooms";
import { createSearch, searchTerms } from "./search";
import { createState, type ChatState } from "./state";

const find = vi.fn<Rest["search"]>();
const getRoom = vi.fn<Rest["room"]>();
let state: ChatState;
let search: ReturnType<typeof createSearch>;

beforeEach(() => {
  vi.useFakeTimers();
  find.mockReset().mockResolvedValue([]);
  getRoom.mockReset().mockResolvedValue(room({ id: "r9", name: "Far away" }));
  state = createState();
  putRoom(state.rooms, room({ id: "r1", name: "All Chats" }));
  state.currentId = "r1";
  search = createSearch({ state, rest: { ...createRest("/"), search: find, room: getRoom } }, undefined, () => Promise.resolve());
});

afterEach(() => vi.useRealTimers());

/** Newest first. */
function hits(newest: number, length: number, parts: Partial<Message> = {}): Message[] {
  return Array.from({ length }, (_, index) => message(newest - index, parts));
}

const asked = (): Search[] => find.mock.calls.map(([wanted]) => wanted);
const ids = (): string[] => search.found.hits.map(({ id }) => id);

describe("what is asked", () => {
  it("is asked when no key was pressed for a moment, once", async () => {
    for (const text of ["f", "fa", "fas"]) {
      search.change({ text });
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(asked()).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
    expect(asked()).toEqual([{ q: "fas", room_id: "r1", limit: 25 }]);
  });

  it("is asked at once where one wants so", async () => {
    search.change({ text: "fastqc" });
    await search.run();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked()).toHaveLength(1);
  });

  it("has the filters, the days as whole local ones", async () => {
    Object.assign(search.wish, { text: " fastqc ", isHere: false, person: bob, from: "2026-01-31", to: "2026-01-31" });
    await search.run();
    const [{ after = "", before = "", ...others } = { q: "" }] = asked();
    expect(others).toEqual({ q: "fastqc", user_id: bob.id, limit: 25 });
    expect(new Date(after).getTime()).toBe(new Date(2026, 0, 31).getTime() - 1);
    expect(new Date(before)).toEqual(new Date(2026, 1, 1));
  });

  it("is nothing without a word in it", async () => {
    search.change({ text: ' "?!" - ' });
    await vi.advanceTimersByTimeAsync(300);
    expect(asked()).toEqual([]);
    expect(search.found.status).toBe("idle");
  });
});

describe("the answers", () => {
  it("to an earlier question are not shown after a later one", async () => {
    let answer: (page: Message[]) => void = () => undefined;
    find.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    search.change({ text: "one" });
    const first = search.run();
    find.mockResolvedValueOnce(hits(7, 1));
    search.change({ text: "two" });
    await search.run();
    answer(hits(99, 3));
    await first;
    expect(ids()).toEqual(["m7"]);
    expect(search.found).toMatchObject({ status: "loaded", terms: ["two"] });
  });

  it("stay while the next ones are on their way, and go with the question", async () => {
    find.mockResolvedValueOnce(hits(7, 1));
    search.change({ text: "one" });
    await search.run();
    find.mockImplementationOnce(() => new Promise(() => undefined));
    search.change({ text: "one two" });
    void search.run();
    expect([search.found.status, ids()]).toEqual(["loading", ["m7"]]);
    search.change({ text: "" });
    await search.run();
    expect([search.found.status, ids()]).toEqual(["idle", []]);
  });

  it("go on after the last hit, until there are no more", async () => {
    find.mockResolvedValueOnce(hits(100, 25)).mockResolvedValueOnce(hits(75, 3));
    Object.assign(search.wish, { text: "one", to: "2026-02-01" });
    await search.run();
    expect(search.found.hasMore).toBe(true);
    await Promise.all([search.more(), search.more()]);
    expect(asked()).toHaveLength(2);
    expect(asked()[1]).toEqual({ q: "one", room_id: "r1", limit: 25, before: "m76" });
    expect(ids()).toHaveLength(28);
    expect(search.found.hasMore).toBe(false);
    await search.more();
    expect(asked()).toHaveLength(2);
  });

  it("that do not come leave an error, and older hits where there are some", async () => {
    find.mockRejectedValueOnce(new ChatError("forbidden", "No."));
    search.change({ text: "one" });
    await search.run();
    expect(search.found).toMatchObject({ status: "failed", error: { message: "No." } });
    find.mockResolvedValueOnce(hits(100, 25)).mockRejectedValueOnce(new ChatError("disconnected", ""));
    await search.run();
    await search.more();
    expect(search.found).toMatchObject({ status: "loaded", hasMore: true, loadingMore: false, error: { code: "disconnected" } });
    expect(ids()).toHaveLength(25);
  });

  it("are waited for where the server is busy", async () => {
    find.mockRejectedValueOnce(new ChatError("overloaded", "")).mockResolvedValueOnce(hits(3, 1));
    search.change({ text: "one" });
    await search.run();
    expect(ids()).toEqual(["m3"]);
  });

  it("follow what becomes of the messages", async () => {
    find.mockResolvedValueOnce(hits(5, 3));
    search.change({ text: "one" });
    await search.run();
    search.heard([
      message(5, { changed_seq: 9, text: "edited" }),
      message(4, { changed_seq: 10, deleted: true, text: "" }),
      message(3, { changed_seq: 3, text: "not newer" }),
      message(11),
    ]);
    expect(search.found.hits.map(({ text }) => text)).toEqual(["edited", "text 3"]);
  });

  it("name their rooms, also those that are not in the list", async () => {
    find.mockResolvedValueOnce([...hits(5, 2, { room_id: "r9" }), ...hits(3, 1)]);
    search.change({ text: "one", isHere: false });
    await search.run();
    await vi.waitFor(() => expect(search.roomName("r9")).toBe("Far away"));
    expect(search.roomName("r1")).toBe("All Chats");
    expect(getRoom).toHaveBeenCalledOnce();
  });
});

it("keeps what was found for the next time, but not for somebody else", async () => {
  find.mockResolvedValue(hits(5, 1));
  search.open();
  search.change({ text: "one", isHere: false });
  await search.run();
  search.close();
  expect(state.searching).toBe(false);
  search.open();
  expect([state.searching, ids(), search.wish.isHere]).toEqual([true, ["m5"], false]);
  search.open("r1");
  expect(search.wish.isHere).toBe(true);
  search.reset();
  expect([state.searching, ids(), search.wish.text]).toEqual([false, [], ""]);
});

it("reads words and phrases as the server does", () => {
  expect(searchTerms('fastqc "two words" read*s "open')).toEqual(["two words", "fastqc", "read*s"]);
  expect(searchTerms("- ?! Größe 数据")).toEqual(["Größe", "数据"]);
});
