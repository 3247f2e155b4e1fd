/** Whatever the network loses, doubles or delays: what one sees of a room is what the server has. */
import fc, { type Scheduler } from "fast-check";
import { expect, it } from "vitest";

import type { Connection } from "../api/connection";
import { createRest, type Rest } from "../api/rest";
import type { Message, RoomEvent, Sync, SyncAck, SyncedRoom } from "../api/wire";
import { pageOf } from "../../tests/pages";
import { frame, message, room } from "../../tests/samples";
import { edge, MAX_CONTEXT } from "./context";
import { createHistory, type History } from "./history";
import { applyLive, hasHole, put, trim } from "./log";
import { putRoom, type RoomEntry } from "./rooms";

/** Several pages, so that there is something far below the window when the room is opened. */
const BEFORE = 160;
const PAGE = 50;
/** A window that was trimmed has so many messages. */
const KEPT = 20;
/** Changes that the server replays; more are answered with the newest page. */
const CAP = 3;

class ServerRoom {
  /** By the number of their creation, each in its latest state. */
  readonly messages: Message[] = [];
  head = 0;
  private unsent: RoomEvent[] = [];

  create(): void {
    this.messages.push(message(++this.head));
    this.note("message.created", this.any(0));
  }

  change(of: Message, parts: Partial<Message>): void {
    const changed = { ...of, ...parts, changed_seq: ++this.head };
    this.messages[this.messages.indexOf(of)] = changed;
    this.note(changed.deleted ? "message.deleted" : "message.updated", changed);
  }

  /** 0 is the newest. */
  any(age: number): Message {
    return this.messages.at(-1 - (age % this.messages.length)) as Message;
  }

  /** What no frame has carried yet. */
  frame(): RoomEvent[] {
    return this.unsent.splice(0);
  }

  since(applied: number): SyncedRoom {
    const changed = this.messages.filter(({ changed_seq: seq }) => seq > applied);
    const recovered = changed.length <= CAP;
    const events = (recovered ? changed : pageOf(this.messages, { limit: PAGE })).map(replayed);
    return { recovered, events: events.sort((a, b) => a.seq - b.seq), head_seq: this.head };
  }

  private note(type: RoomEvent["type"], changed: Message): void {
    this.unsent.push({ seq: changed.changed_seq, type, message: changed });
  }
}

function replayed(changed: Message): RoomEvent {
  return { seq: changed.changed_seq, type: "message.updated", message: changed };
}

/** Its questions, the answers and all frames arrive when the scheduler says so, in any order. */
class Reader {
  readonly entry: RoomEntry;
  readonly history: History;
  heard = 0;

  constructor(
    private readonly server: ServerRoom,
    private readonly network: Scheduler,
  ) {
    this.entry = putRoom(new Map(), room({ head_seq: server.head }));
    const rest: Rest = {
      ...createRest("/"),
      status: () => Promise.reject(new Error("not asked for")),
      room: () => Promise.reject(new Error("busy")),
      messages: (_id, page) => this.ask("page", () => pageOf(server.messages, page)),
    };
    const request = (_name: "sync", { rooms: { r1 = 0 } }: Sync): Promise<SyncAck> =>
      this.ask("sync", () => ({ rooms: { r1: server.since(r1) } }));
    this.history = createHistory(rest, new Map(), request as Connection["request"], () => undefined);
  }

  sync(): Promise<void> {
    return this.history.sync([this.entry]);
  }

  push(times: number): void {
    const frame = this.server.frame();
    for (let i = 0; i < times; i++) void this.network.schedule(Promise.resolve(), "frame").then(() => this.hear(frame));
  }

  acknowledge(age: number): void {
    const changed = this.server.any(age);
    void this.network.schedule(Promise.resolve(), "ack").then(() => put(this.entry.log, changed));
  }

  private hear(events: RoomEvent[]): void {
    applyLive(this.entry.log, frame(...events));
    this.heard = Math.max(this.heard, events.at(-1)?.seq ?? 0);
    if (hasHole(this.entry.log)) void this.sync();
  }

  private async ask<T>(what: string, answer: () => T): Promise<T> {
    await this.network.schedule(Promise.resolve(), `${what} asked`);
    const answered = answer();
    await this.network.schedule(Promise.resolve(), `${what} answered`);
    return answered;
  }
}

const ACTIONS = {
  create: (server: ServerRoom) => server.create(),
  edit: (server: ServerRoom, _: Reader, age: number) => server.change(server.any(age), { text: `as of ${server.head}` }),
  delete: (server: ServerRoom, _: Reader, age: number) => server.change(server.any(age), { text: "", deleted: true }),
  react: (server: ServerRoom, _: Reader, age: number) =>
    server.change(server.any(age), { reactions: [{ emoji: "👍", count: server.head, users: [] }] }),
  /** The answer to one's own change, before or after its event. */
  ack: (_: ServerRoom, reader: Reader, age: number) => reader.acknowledge(age),
  push: (_: ServerRoom, reader: Reader) => reader.push(1),
  pushTwice: (_: ServerRoom, reader: Reader) => reader.push(2),
  lose: (_: ServerRoom, reader: Reader) => reader.push(0),
  open: (_: ServerRoom, { history, entry }: Reader) => void history.open(entry),
  older: (_: ServerRoom, { history, entry }: Reader) => void history.older(entry),
  sync: (_: ServerRoom, reader: Reader) => void reader.sync(),
  jump: (server: ServerRoom, { history, entry }: Reader, age: number) => void history.around(entry, server.any(age).seq),
  newer: (_: ServerRoom, { history, entry }: Reader) => void history.newer(entry),
  leave: (_: ServerRoom, { entry }: Reader) => void (entry.log.context = null),
  trim: (_: ServerRoom, { entry }: Reader) => trim(entry.log, KEPT),
};

const names = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
const often = ["create", "create", "edit", "push", "push", "ack", "open", "older", "jump", "newer"] as const;
/** Some ages come again and again, so that what changes is what one looks at. */
const ages = fc.oneof(fc.nat({ max: BEFORE }), fc.constantFrom(0, 60, 100, 101, BEFORE - 1));
const steps = fc.array(fc.tuple(fc.constantFrom(...names, ...often), ages), { size: "+1" });

/** Whether these are what the server has from the first to the last of them. */
function expectSlice(messages: Message[], server: ServerRoom, start: number, end: number): void {
  expect([...messages]).toEqual(server.messages.filter(({ seq }) => seq >= start && seq <= end));
}

it("what one sees of a room is what the server has", async () => {
  let [excursions, joined] = [0, 0];
  const property = fc.asyncProperty(steps, fc.scheduler(), async (chosen, network) => {
    const server = new ServerRoom();
    for (let i = 0; i < BEFORE; i++) server.create();
    server.frame();
    const reader = new Reader(server, network);
    network.scheduleSequence(chosen.map(([name, age]) => async () => ACTIONS[name](server, reader, age)));
    await network.waitIdle();
    const { log } = reader.entry;
    expect(log.applied).toBeGreaterThanOrEqual(reader.heard);
    await network.waitFor(reader.sync()); // of the very last frame, if it was lost, only the next connection tells
    await network.waitIdle(); // what a large gap left stale is read again
    expect(log.applied).toBe(server.head);
    const start = log.hasOlder ? (log.messages[0]?.seq ?? Infinity) : 0;
    if (log.state === "loaded") expectSlice(log.messages, server, start, Infinity);
    else expect(log.messages).toEqual([]);
    const { context } = log;
    if (!context) return void (joined += Number(log.jumps > 0));
    excursions += 1;
    const [first = Infinity, last = Infinity] = [edge(context, "older"), edge(context, "newer")];
    expectSlice(context.messages, server, context.hasOlder ? first : 0, last);
    expect(context.messages.length).toBeLessThanOrEqual(MAX_CONTEXT);
    expect(context).toMatchObject({ isStale: false, loading: null });
    if (log.state === "loaded") expect(last).toBeLessThan(start);
    expect(log.heard).toEqual([]);
  });
  await fc.assert(property, { numRuns: 1500 });
  expect(Math.min(excursions, joined)).toBeGreaterThan(50);
});
