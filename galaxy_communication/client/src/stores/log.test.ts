import { describe, expect, it } from "vitest";

import type { Message, RoomEvent } from "../api/wire";
import { alice, created, frame, message, updated } from "../../tests/samples";
import { applyLive, applyNewestPage, applyOlderPage, applySynced, createLog, hasHole, put, startSync, type RoomLog } from "./log";

function loaded(page: Message[], limit = 50): RoomLog {
  const log = createLog(Math.max(0, ...page.map(({ changed_seq }) => changed_seq)));
  log.state = "loading";
  applyNewestPage(log, page, limit);
  return log;
}

const texts = (log: RoomLog): string[] => log.messages.map(({ text }) => text);
const seqs = (log: RoomLog): number[] => log.messages.map(({ seq }) => seq);

describe("live events", () => {
  it("are applied in order and only once", () => {
    const log = loaded([]);
    applyLive(log, frame(created(1), created(2)));
    const again = applyLive(log, frame(created(2), created(3)));
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(again.map(({ seq }) => seq)).toEqual([3]);
    expect(log.applied).toBe(3);
  });

  it("change a message in its place", () => {
    const log = loaded([message(2), message(1)]);
    applyLive(log, frame(updated(3, 1), created(4)));
    expect(seqs(log)).toEqual([1, 2, 4]);
    expect(texts(log)[0]).toBe("text 1, changed by 3");
  });

  it("stop before a hole, which sync fills", () => {
    const log = loaded([message(1)]);
    expect(applyLive(log, frame(created(3)))).toEqual([]);
    expect(hasHole(log)).toBe(true);
    expect(seqs(log)).toEqual([1]);
    applySynced(log, { recovered: true, events: [created(2), created(3)], head_seq: 3 }, startSync(log));
    expect(hasHole(log)).toBe(false);
    expect(seqs(log)).toEqual([1, 2, 3]);
  });

  it("tell of a hole that opened while a sync was on its way", () => {
    const log = loaded([message(1)]);
    applyLive(log, frame(created(3)));
    const from = startSync(log);
    applyLive(log, frame(created(5)));
    applySynced(log, { recovered: true, events: [created(2), created(3)], head_seq: 3 }, from);
    expect(hasHole(log)).toBe(true);
  });

  it("never put an older version in place of a newer one", () => {
    const log = loaded([message(1, { changed_seq: 4, text: "newest" })]);
    put(log, message(1, { changed_seq: 2, text: "older" }));
    expect(texts(log)).toEqual(["newest"]);
  });

  it("keep nothing of a room that was not opened, but count", () => {
    const log = createLog(7);
    expect(applyLive(log, frame(created(8)))).toHaveLength(1);
    expect(log.applied).toBe(8);
    expect(log.messages).toEqual([]);
  });
});

describe("sync", () => {
  it("gives the same state as the live events, wherever the connection broke", () => {
    const history: RoomEvent[] = [
      created(1),
      created(2),
      updated(3, 1),
      created(4),
      updated(5, 2, { deleted: true, text: "" }),
      updated(6, 1),
      created(7),
    ];
    const live = loaded([]);
    applyLive(live, frame(...history));
    for (let cut = 0; cut <= history.length; cut++) {
      const log = loaded([]);
      applyLive(log, frame(...history.slice(0, cut)));
      applySynced(log, { recovered: true, events: latestSince(history, cut), head_seq: history.length }, startSync(log));
      expect([...log.messages], `cut at ${cut}`).toEqual([...live.messages]);
      expect(log.applied).toBe(live.applied);
    }
  });

  it("that could not recover replaces everything by the newest page", () => {
    const log = loaded([message(1), message(2)]);
    applySynced(log, { recovered: false, events: [created(401), created(400)], head_seq: 401 }, startSync(log));
    expect(seqs(log)).toEqual([400, 401]);
    expect(log.hasOlder).toBe(true);
    expect(log.applied).toBe(401);
  });

  it("follows a server that went back to an older database", () => {
    const log = loaded([message(9)]);
    applySynced(log, { recovered: false, events: [created(4)], head_seq: 4 }, startSync(log));
    applyLive(log, frame(created(5)));
    expect(seqs(log)).toEqual([4, 5]);
    expect(hasHole(log)).toBe(false);
  });

  it("that could not recover forgets nothing that was heard meanwhile", () => {
    const log = loaded([message(1)]);
    const from = startSync(log);
    applyLive(log, frame(created(403)));
    applySynced(log, { recovered: false, events: [created(401), created(400)], head_seq: 401 }, from);
    expect(hasHole(log)).toBe(true);
  });

  it("whose answer was overtaken by live events changes nothing", () => {
    const log = loaded([message(1)]);
    const from = startSync(log);
    applyLive(log, frame(created(2), created(3)));
    applySynced(log, { recovered: false, events: [created(2)], head_seq: 2 }, from);
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(log.applied).toBe(3);
  });
});

describe("pages", () => {
  it("keep what came while they were on their way", () => {
    const log = createLog(2);
    log.state = "loading";
    applyLive(log, frame(created(3), updated(4, 2)));
    applyNewestPage(log, [message(2), message(1)], 50);
    expect(seqs(log)).toEqual([1, 2, 3]);
    expect(texts(log)[1]).toBe("text 2, changed by 4");
    expect(log.hasOlder).toBe(false);
  });

  it("leave no hole between themselves and a change of an old message", () => {
    const log = createLog(9);
    log.state = "loading";
    applyLive(log, frame(updated(10, 1)));
    applyNewestPage(log, [message(9), message(8)], 2);
    applyLive(log, frame(updated(11, 2)));
    expect(seqs(log)).toEqual([8, 9]);
    expect(log.applied).toBe(11);
  });

  it("are put before the window, in the latest version", () => {
    const log = loaded([message(9), message(8)], 2);
    log.loadingOlder = true;
    applyLive(log, frame(updated(10, 7)));
    applyOlderPage(log, [message(7), message(6)], 2);
    expect(seqs(log)).toEqual([6, 7, 8, 9]);
    expect(texts(log)[1]).toBe("text 7, changed by 10");
    applyOlderPage(log, [message(5)], 2);
    expect(log.hasOlder).toBe(false);
  });
});

describe("changes of a message", () => {
  const thumbs = { reactions: [{ emoji: "👍", count: 1, users: [alice] }] };
  const gone = { deleted: true, text: "", reactions: [] };
  /** Number 1 is edited, reacted to, edited again; number 2 is reacted to and deleted. */
  const changes = [
    updated(3, 1, { edited_at: "2026-01-15T11:00:00.000Z" }),
    updated(4, 1, thumbs),
    updated(5, 2, thumbs),
    updated(6, 1, { text: "final", ...thumbs }),
    updated(7, 2, gone),
  ];
  const final = [changes[3]?.message, changes[4]?.message];

  it("come one by one or all in one frame", () => {
    const [one, all] = [loaded([message(2), message(1)]), loaded([message(2), message(1)])];
    for (const change of changes) applyLive(one, frame(change));
    applyLive(all, frame(...changes));
    for (const log of [one, all]) {
      expect([...log.messages]).toEqual(final);
      expect(log.applied).toBe(7);
    }
  });

  it("out of order are a hole, which the replay fills with the last state of each", () => {
    const log = loaded([message(2), message(1)]);
    applyLive(log, frame(...changes.slice(0, 1)));
    applyLive(log, frame(...changes.slice(3)));
    expect(texts(log)).toEqual(["text 1, changed by 3", "text 2"]);
    expect(hasHole(log)).toBe(true);
    applySynced(log, { recovered: true, events: latestSince(changes, 3), head_seq: 7 }, startSync(log));
    applyLive(log, frame(...changes));
    expect([...log.messages]).toEqual(final);
    expect([log.applied, hasHole(log)]).toEqual([7, false]);
  });

  it("are shown once, whether ack or event comes first", () => {
    const [change] = changes as [RoomEvent];
    const [ackFirst, eventFirst] = [loaded([message(2), message(1)]), loaded([message(2), message(1)])];
    put(ackFirst, change.message);
    expect(texts(ackFirst)[0]).toBe("text 1, changed by 3");
    expect(ackFirst.applied).toBe(2);
    applyLive(ackFirst, frame(change));
    applyLive(eventFirst, frame(change));
    put(eventFirst, change.message);
    for (const log of [ackFirst, eventFirst]) {
      expect(texts(log)).toEqual(["text 1, changed by 3", "text 2"]);
      expect(log.applied).toBe(3);
    }
  });

  it("by an ack that is late do not undo what came after", () => {
    const log = loaded([message(2), message(1)]);
    applyLive(log, frame(...changes));
    for (const { message: acknowledged } of changes) put(log, acknowledged);
    expect([...log.messages]).toEqual(final);
  });

  it("below the window join the page that is on its way, each in its last state", () => {
    const log = loaded([message(9), message(8)], 2);
    log.loadingOlder = true;
    applyLive(log, frame(updated(10, 7, thumbs), updated(11, 6), updated(12, 7, gone), updated(13, 2)));
    put(log, message(6, { changed_seq: 14, text: "by ack" }));
    applyOlderPage(log, [message(7), message(6)], 2);
    expect(seqs(log)).toEqual([6, 7, 8, 9]);
    expect(log.messages.slice(0, 2)).toMatchObject([{ text: "by ack" }, gone]);
  });

  it("below the window are otherwise left to the page that brings them", () => {
    const log = loaded([message(9), message(8)], 2);
    applyLive(log, frame(updated(10, 7, gone)));
    expect(seqs(log)).toEqual([8, 9]);
    expect(log.applied).toBe(10);
    log.loadingOlder = true;
    applyOlderPage(log, [message(7, { changed_seq: 10, ...gone }), message(6)], 2);
    expect(log.messages[1]).toMatchObject(gone);
  });
});

/** What the server's `sync` answers: each message once, in its latest state. */
function latestSince(history: RoomEvent[], applied: number): RoomEvent[] {
  const latest = new Map<string, RoomEvent>();
  for (const event of history.filter(({ seq }) => seq > applied)) {
    latest.delete(event.message.id);
    latest.set(event.message.id, event);
  }
  return [...latest.values()];
}
