import { beforeEach, describe, expect, it } from "vitest";

import type { Message } from "../api/wire";
import { created, frame, message, updated } from "../../tests/samples";
import { extendContext, joinContext, MAX_CONTEXT, openContext } from "./context";
import { applyLive, applyNewestPage, applySynced, createLog, put, startSync, trim, type RoomLog } from "./log";

const LIMIT = 10;
let log: RoomLog;

/** Newest first, as the server gives them. */
function page(newest: number, length: number): Message[] {
  return Array.from({ length }, (_, index) => message(newest - index));
}

beforeEach(() => {
  log = createLog(1000);
  log.state = "loading";
  applyNewestPage(log, page(1000, LIMIT), LIMIT);
});

const seqs = (messages: Message[] | undefined): (number | undefined)[] => [messages?.at(0)?.seq, messages?.at(-1)?.seq, messages?.length];
const found = (seq: number): Message | undefined => log.context?.messages.find((one) => one.seq === seq);

describe("a context", () => {
  it("grows by pages at both ends", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    extendContext(log, page(94, LIMIT), LIMIT, "older", 95);
    extendContext(log, page(114, LIMIT), LIMIT, "newer", 104);
    expect(seqs(log.context?.messages)).toEqual([85, 114, 30]);
    expect(log.context?.hasOlder).toBe(true);
    extendContext(log, page(84, 3), LIMIT, "older", 85);
    expect(log.context?.hasOlder).toBe(false);
  });

  it("takes no page that is not beside it", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    extendContext(log, page(94, LIMIT), LIMIT, "older", 80);
    extendContext(log, page(300, LIMIT), LIMIT, "newer", 290);
    expect(seqs(log.context?.messages)).toEqual([95, 104, 10]);
  });

  it("hears of every change in it, and keeps the later one", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    applyLive(log, frame(updated(1001, 100), created(1002)));
    put(log, message(100, { changed_seq: 900, text: "late ack" }));
    put(log, message(101, { changed_seq: 1003, text: "ack" }));
    expect([found(100)?.text, found(101)?.text]).toEqual(["text 100, changed by 1001", "ack"]);
    expect(seqs(log.context?.messages)).toEqual([95, 104, 10]);
    expect(seqs(log.messages)).toEqual([991, 1002, 11]);
  });

  it("has what changed while its page was on its way", () => {
    log.fetching = 1;
    applyLive(log, frame(updated(1001, 100), updated(1002, 200)));
    openContext(log, page(104, LIMIT), LIMIT);
    expect(found(100)?.text).toBe("text 100, changed by 1001");
    applyLive(log, frame(updated(1003, 93)));
    extendContext(log, page(94, LIMIT), LIMIT, "older", 95);
    expect(found(93)?.text).toBe("text 93, changed by 1003");
    expect(found(200)).toBeUndefined();
  });

  it("becomes a part of the log where the two touch", () => {
    openContext(log, page(985, LIMIT), LIMIT);
    expect(log.context).not.toBeNull();
    extendContext(log, page(995, LIMIT), LIMIT, "newer", 985);
    expect(log.context).toBeNull();
    expect(seqs(log.messages)).toEqual([976, 1000, 25]);
    expect(log.hasOlder).toBe(true);
  });

  it("joined to the log from the very beginning, leaves nothing to be fetched", () => {
    openContext(log, page(995, 8), LIMIT);
    expect([log.context, log.hasOlder]).toEqual([null, false]);
    expect(seqs(log.messages)).toEqual([988, 1000, 13]);
  });

  it("waits for the log, however that comes", () => {
    const late = createLog(1000);
    late.state = "loading";
    openContext(late, page(995, LIMIT), LIMIT);
    expect(late.context).not.toBeNull();
    applyNewestPage(late, page(1000, LIMIT), LIMIT);
    expect(late.context).toBeNull();
    expect(seqs(late.messages)).toEqual([986, 1000, 15]);
  });

  it("is not kept where the room turns out to be in the log as a whole, or empty", () => {
    log.hasOlder = false;
    openContext(log, page(104, LIMIT), LIMIT);
    expect(log.context).toBeNull();
    log.hasOlder = true;
    openContext(log, [], LIMIT);
    expect(log.context).toBeNull();
  });

  it("does not grow without end: it loses what one goes away from", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    extendContext(log, page(94, 94), 94, "older", 95);
    for (let end = 104; end < 904; end += 100) extendContext(log, page(end + 100, 100), 100, "newer", end);
    expect(seqs(log.context?.messages)).toEqual([605, 904, MAX_CONTEXT]);
    expect(log.context?.hasOlder).toBe(true);
    for (let start = 605; start > 205; start -= 100) extendContext(log, page(start - 1, 100), 100, "older", start);
    expect(seqs(log.context?.messages)).toEqual([205, 504, MAX_CONTEXT]);
  });
});

describe("a gap that was not replayed", () => {
  const gap = { recovered: false, events: [created(2000)], head_seq: 2000 };

  it("leaves the context as it is, to be read again before it joins anything", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    applySynced(log, gap, startSync(log));
    expect(log.context?.isStale).toBe(true);
    expect(seqs(log.context?.messages)).toEqual([95, 104, 10]);
    extendContext(log, page(2000, 1900), 1900, "newer", 104);
    expect(log.context).not.toBeNull();
    if (log.context) log.context.isStale = false;
    joinContext(log);
    expect(log.context).toBeNull();
    expect(log.messages.at(-1)?.seq).toBe(2000);
  });

  it("ends it where the server went back to an older database", () => {
    openContext(log, page(104, LIMIT), LIMIT);
    applySynced(log, { recovered: false, events: [created(50)], head_seq: 50 }, startSync(log));
    expect(log.context).toBeNull();
  });
});

describe("a log that is trimmed", () => {
  it("has older messages to fetch", () => {
    log.hasOlder = false;
    trim(log, 4);
    expect(seqs(log.messages)).toEqual([997, 1000, 4]);
    expect(log.hasOlder).toBe(true);
  });

  it("waits while a page is on its way that is to lie right below it", () => {
    log.loadingOlder = true;
    trim(log, 4);
    expect(log.messages).toHaveLength(LIMIT);
  });
});
