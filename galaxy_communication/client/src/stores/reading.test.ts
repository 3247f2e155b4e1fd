import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Connection } from "../api/connection";
import { ChatError } from "../api/errors";
import type { Room, RoomAck } from "../api/wire";
import { settled } from "../../tests/render";
import { alice, created, room } from "../../tests/samples";
import { createReading, type Reading } from "./reading";
import { countNew, putRoom, unreadIn, type RoomEntry, type Rooms } from "./rooms";

const request = vi.fn<(name: "room.read", payload: { seq: number }) => Promise<RoomAck>>();
const rest = { room: vi.fn<() => Promise<Room>>(), setRead: vi.fn<() => Promise<Room>>() };
let rooms: Rooms;
let entry: RoomEntry;
let looks: boolean;
let reading: Reading;

beforeEach(() => {
  rooms = new Map();
  entry = putRoom(rooms, room({ head_seq: 10, read_seq: 6, unread: 4 }));
  entry.log.state = "loaded";
  looks = true;
  vi.resetAllMocks();
  request.mockImplementation((_name, { seq }) => Promise.resolve({ room: room({ head_seq: 10, read_seq: seq }) }));
  const connection = request as unknown as Connection["request"];
  reading = createReading(rest, connection, () => looks, (told) => putRoom(rooms, told));
});

const read = (): number[] => request.mock.calls.map(([, { seq }]) => seq);

/** As from another tab of the user. */
function hear(told: Room): void {
  const before = entry.toldRead;
  putRoom(rooms, told);
  if (entry.toldRead < before) void reading.verify(entry, before);
  else reading.mark(entry);
}

describe("what one sees", () => {
  it("is read, at once here and then on the server", () => {
    reading.mark(entry);
    expect([unreadIn(entry), entry.room.read_seq]).toEqual([0, 10]);
    expect(read()).toEqual([10]);
  });

  it("is told by one request at a time, the latest number last", async () => {
    let answer: () => void = () => undefined;
    request.mockImplementationOnce(
      () => new Promise((resolve) => (answer = () => resolve({ room: room({ head_seq: 10, read_seq: 10 }) }))),
    );
    reading.mark(entry);
    for (const seq of [11, 12]) {
      entry.log.applied = seq;
      countNew(entry, [created(seq)], alice.id);
      reading.mark(entry);
    }
    expect(read()).toEqual([10]);
    answer();
    await vi.waitFor(() => expect(read()).toEqual([10, 12]));
  });

  it("is not read while nobody looks", () => {
    looks = false;
    reading.mark(entry);
    expect(read()).toEqual([]);
  });
});

describe("putting the pointer back", () => {
  const back = room({ head_seq: 10, read_seq: 3, unread: 7 });

  beforeEach(async () => {
    rest.setRead.mockResolvedValue(back);
    reading.mark(entry);
    await vi.waitFor(() => expect(entry.toldRead).toBe(10));
  });

  it("makes all after it new, and it stays so while one looks at it", async () => {
    await reading.putBack(entry, 3);
    expect(rest.setRead).toHaveBeenCalledWith("r1", { seq: 3, backward: true });
    expect(unreadIn(entry)).toBe(7);
    expect(entry.visit).toMatchObject({ isHeld: true, newFrom: 3 });
    countNew(entry, [created(11)], alice.id);
    reading.mark(entry);
    expect(unreadIn(entry)).toBe(8);
    expect(read()).toEqual([10]);
    entry.visit.isHeld = false;
    reading.mark(entry);
    expect(unreadIn(entry)).toBe(0);
  });

  it("waits for what is under way, which would undo it", async () => {
    let answer: () => void = () => undefined;
    request.mockImplementationOnce(
      () => new Promise((resolve) => (answer = () => resolve({ room: room({ head_seq: 11, read_seq: 11 }) }))),
    );
    entry.log.applied = 11;
    countNew(entry, [created(11)], alice.id);
    reading.mark(entry);
    const done = reading.putBack(entry, 3);
    expect(rest.setRead).not.toHaveBeenCalled();
    answer();
    await done;
    expect(unreadIn(entry)).toBe(7);
    expect(read()).toEqual([10, 11]);
  });

  it("that did not work holds nothing", async () => {
    rest.setRead.mockRejectedValue(new ChatError("disconnected", ""));
    await expect(reading.putBack(entry, 3)).rejects.toThrow();
    expect(entry.visit).toMatchObject({ isHeld: false, newFrom: null });
  });

  it("in another tab is followed, although one looks at the room here", async () => {
    rest.room.mockResolvedValue(back);
    hear(back);
    await vi.waitFor(() => expect(rest.room).toHaveBeenCalled());
    expect(unreadIn(entry)).toBe(7);
    expect(entry.visit).toMatchObject({ isHeld: true, newFrom: 3 });
    hear({ ...back, topic: "new" });
    expect(read()).toEqual([10]);
  });

  it("is not what an old record tells that was overtaken", async () => {
    rest.room.mockResolvedValue(room({ head_seq: 10, read_seq: 10 }));
    hear(room({ head_seq: 10, read_seq: 6, unread: 4 }));
    await vi.waitFor(() => expect(unreadIn(entry)).toBe(0));
    expect(entry.visit).toMatchObject({ isHeld: false, newFrom: null });
  });

  it("and reading on elsewhere is followed too", async () => {
    await reading.putBack(entry, 3);
    hear(room({ head_seq: 10, read_seq: 10 }));
    expect(unreadIn(entry)).toBe(0);
  });
});

it("a read that never arrived is told again, and not taken for a pointer that went back", async () => {
  request.mockRejectedValueOnce(new ChatError("disconnected", ""));
  reading.mark(entry);
  await settled();
  hear(room({ head_seq: 10, read_seq: 6, unread: 4 })); // as `ready` says it
  expect(read()).toEqual([10, 10]);
  expect(entry.visit.isHeld).toBe(false);
});
