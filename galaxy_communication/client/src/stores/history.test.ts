import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import { createRest, type Rest } from "../api/rest";
import type { Connection } from "../api/socket";
import type { Message, SyncAck } from "../api/wire";
import { created, message, room } from "../../tests/samples";
import { createHistory, type History } from "./history";
import { applyLive } from "./log";
import { putRoom, unreadIn, type RoomEntry, type Rooms } from "./rooms";

const messages = vi.fn<Rest["messages"]>();
const request = vi.fn<() => Promise<SyncAck>>();
let entry: RoomEntry;
let history: History;

beforeEach(() => {
  const rooms: Rooms = new Map();
  entry = putRoom(rooms, room({ head_seq: 100 }));
  const rest: Rest = {
    ...createRest("/"),
    status: () => Promise.reject(new Error("not asked for")),
    room: () => Promise.resolve(room({ head_seq: 501, unread: 400 })),
    messages: messages.mockReset(),
  };
  const noSleep = () => Promise.resolve();
  history = createHistory(rest, rooms, request.mockReset() as unknown as Connection["request"], () => undefined, noSleep);
});

/** Newest first, as the server gives them. */
function page(newest: number, length: number): Message[] {
  return Array.from({ length }, (_, index) => message(newest - index));
}

const seqs = (): number[] => entry.log.messages.map(({ seq }) => seq);

describe("opening a room", () => {
  it("reads the newest page, once", async () => {
    messages.mockResolvedValue(page(100, 50));
    await Promise.all([history.open(entry), history.open(entry)]);
    expect(messages).toHaveBeenCalledOnce();
    expect(seqs()[0]).toBe(51);
  });

  it("has patience with a busy server, and fails in the end", async () => {
    messages.mockRejectedValueOnce(new ChatError("overloaded", "")).mockResolvedValue(page(100, 3));
    await history.open(entry);
    expect(entry.log.state).toBe("loaded");
    entry.log.state = "unloaded";
    messages.mockRejectedValue(new ChatError("overloaded", ""));
    await history.open(entry);
    expect(entry.log.state).toBe("failed");
  });

  it("starts again where a sync replaced the window meanwhile", async () => {
    messages.mockImplementationOnce(async () => {
      request.mockResolvedValue({ rooms: { r1: { recovered: false, events: [created(501)], head_seq: 501 } } });
      await history.sync([entry]);
      return page(100, 50);
    });
    messages.mockResolvedValue(page(501, 50));
    await history.open(entry);
    expect(seqs()[0]).toBe(452);
    expect(seqs().at(-1)).toBe(501);
  });
});

describe("older pages", () => {
  it("end at the beginning", async () => {
    messages.mockResolvedValueOnce(page(100, 50)).mockResolvedValueOnce(page(50, 50)).mockResolvedValueOnce([]);
    await history.open(entry);
    await history.older(entry);
    expect(messages.mock.lastCall?.[1]).toEqual({ before: 51, limit: 50 });
    await history.older(entry);
    await history.older(entry);
    expect(seqs()).toHaveLength(100);
    expect(entry.log.hasOlder).toBe(false);
    expect(messages).toHaveBeenCalledTimes(3);
  });
});

describe("sync", () => {
  it("goes on until there is no hole", async () => {
    messages.mockResolvedValue(page(100, 50));
    await history.open(entry);
    applyLive(entry.log, [created(102)]);
    request.mockImplementationOnce(() => {
      applyLive(entry.log, [created(104)]);
      return Promise.resolve({ rooms: { r1: { recovered: true, events: [created(101), created(102)], head_seq: 102 } } });
    });
    request.mockResolvedValueOnce({
      rooms: { r1: { recovered: true, events: [created(103), created(104)], head_seq: 104 } },
    });
    await history.sync([entry]);
    expect(seqs().slice(-4)).toEqual([101, 102, 103, 104]);
  });

  it("that could not recover asks the server how much is new", async () => {
    messages.mockResolvedValue(page(100, 50));
    await history.open(entry);
    request.mockResolvedValue({ rooms: { r1: { recovered: false, events: [created(501)], head_seq: 501 } } });
    await history.sync([entry]);
    await vi.waitFor(() => expect(unreadIn(entry)).toBe(400));
    expect(seqs()).toEqual([501]);
  });
});
