import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Connection } from "../api/connection";
import { ChatError } from "../api/errors";
import { createRest, type Rest } from "../api/rest";
import type { Message, SyncAck } from "../api/wire";
import { created, frame, message, room } from "../../tests/samples";
import { pageOf } from "../../tests/pages";
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
    applyLive(entry.log, frame(created(102)));
    request.mockImplementationOnce(() => {
      applyLive(entry.log, frame(created(104)));
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

describe("a jump", () => {
  /** What the server has. */
  let all: Message[];
  /** Answers of `messages` that are kept back. */
  let answers: (() => void)[];

  beforeEach(async () => {
    all = page(500, 500);
    answers = [];
    messages.mockImplementation((_id, wanted) => Promise.resolve(pageOf(all, wanted)));
    entry.log.applied = 500;
    await history.open(entry);
  });

  /** From now on each answer is of now, and comes when the test says so. */
  function hold(): void {
    messages.mockImplementation((_id, wanted) => {
      const answer = pageOf(all, wanted);
      return new Promise((resolve) => answers.push(() => resolve(answer)));
    });
  }

  const context = () => entry.log.context?.messages.map(({ seq }) => seq) ?? [];

  it("reads the page around a message that is far below, and what is beside it", async () => {
    await history.around(entry, 200, () => expect(context()).toContain(200));
    expect(messages.mock.lastCall?.[1]).toEqual({ around: 200, limit: 50 });
    expect([context()[0], context().at(-1)]).toEqual([175, 224]);
    await history.older(entry);
    await history.newer(entry);
    expect([context()[0], context().at(-1)]).toEqual([125, 274]);
    expect(seqs()[0]).toBe(451);
  });

  it("asks for nothing where the message is there", async () => {
    messages.mockClear();
    const arrived = vi.fn();
    await history.around(entry, 451, arrived);
    expect(arrived).toHaveBeenCalledOnce();
    expect(messages).not.toHaveBeenCalled();
    expect(entry.log.context).toBeNull();
    await history.around(entry, 200);
    messages.mockClear();
    await history.around(entry, 180);
    expect(messages).not.toHaveBeenCalled();
    await history.around(entry, 470);
    expect(entry.log.context).toBeNull();
  });

  it("goes on to where the log begins", async () => {
    await history.around(entry, 330);
    await history.newer(entry);
    expect(entry.log.context).not.toBeNull();
    await history.newer(entry);
    expect(entry.log.context).toBeNull();
    expect([seqs()[0], seqs().at(-1)]).toEqual([305, 500]);
  });

  it("counts only if no other came after it", async () => {
    hold();
    const arrived: number[] = [];
    const jumps = [100, 300].map((seq) => history.around(entry, seq, () => arrived.push(seq)));
    answers[1]?.();
    await jumps[1];
    answers[0]?.();
    await jumps[0];
    expect(arrived).toEqual([300]);
    expect(context()).toContain(300);
  });

  it("asks again where the log was replaced meanwhile", async () => {
    hold();
    const jump = history.around(entry, 200);
    all = all.map((one) => (one.seq === 200 ? { ...one, changed_seq: 502, text: "changed in the gap" } : one));
    request.mockResolvedValue({ rooms: { r1: { recovered: false, events: [created(999)], head_seq: 999 } } });
    await history.sync([entry]);
    answers[0]?.();
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.();
    await jump;
    expect(entry.log.context?.messages.find(({ seq }) => seq === 200)?.text).toBe("changed in the gap");
  });

  it("reads again what a large gap may have changed, when the server can be asked", async () => {
    await history.around(entry, 200);
    all = all.map((one) => (one.seq === 199 ? { ...one, changed_seq: 502, text: "changed in the gap" } : one));
    request.mockResolvedValue({ rooms: { r1: { recovered: false, events: [created(999)], head_seq: 999 } } });
    messages.mockRejectedValueOnce(new ChatError("disconnected", ""));
    await history.sync([entry]);
    expect(entry.log.context?.isStale).toBe(true);
    request.mockResolvedValue({ rooms: { r1: { recovered: true, events: [], head_seq: 999 } } });
    await history.sync([entry]);
    await vi.waitFor(() => expect(entry.log.context?.isStale).toBe(false));
    expect(entry.log.context?.messages.find(({ seq }) => seq === 199)?.text).toBe("changed in the gap");
  });

  it("that fails says so and leaves what was there", async () => {
    await history.around(entry, 200);
    messages.mockRejectedValue(new ChatError("not_found", ""));
    await expect(history.around(entry, 50)).rejects.toThrow();
    expect(context()).toContain(200);
    expect([entry.log.fetching, entry.log.heard]).toEqual([0, []]);
  });

  it("is read-only: what is new goes to the log", async () => {
    await history.around(entry, 200);
    applyLive(entry.log, frame(created(501)));
    expect(context().at(-1)).toBe(224);
    expect(seqs().at(-1)).toBe(501);
  });
});
