/** The chat of one tab, shown, and what its user is told. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { TestNotification } from "../../tests/notification";
import { render, type Rendered } from "../../tests/render";
import { alice, bob, created, frame, ready, room, updated } from "../../tests/samples";
import type { Room, RoomEvent } from "../api/wire";
import { createAlerts } from ".";
import { REST } from "./contest";

const play = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock("./tone", () => ({ play, isAudible: () => true }));

const lobby = room();
const help = room({ id: "r2", name: "Help", kind: "public", notify: "mentions" });
const withBob = room({ id: "r3", name: "bob", kind: "direct", other: bob });
const show = vi.fn();
let rendered: Rendered;
let stop: () => void;
let hasFocus: boolean;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  TestNotification.install();
  play.mockClear();
  show.mockClear();
  hasFocus = true;
  vi.spyOn(document, "hasFocus").mockImplementation(() => hasFocus);
  stop = () => undefined;
});

afterEach(() => {
  stop();
  rendered.app.unmount();
  rendered.chat.close();
  vi.unstubAllGlobals();
});

/** With the lobby open before the user. */
async function open(wishes = { desktop: true, sound: true }): Promise<void> {
  const preferences = { enabled: true, presence: true, typing: true, notifications: true, sound: wishes.sound, language: null };
  rendered = await render({ rooms: [lobby, help, withBob], welcome: { preferences } });
  stop = createAlerts(rendered.chat, "/", show);
  if (wishes.desktop) rendered.chat.wishes.setDesktop(true);
  await vi.dynamicImportSettled();
}

function hear(where: Room, ...changes: RoomEvent[]): void {
  const events = changes.map(({ message: changed, ...event }) => ({ ...event, message: { ...changed, id: where.id + changed.id } }));
  rendered.listener.roomEvents({ room_id: where.id, ...frame(...events) });
}

const titles = () => TestNotification.all.map(({ title }) => title);
const told = (count: number) => eventually(() => expect(TestNotification.all).toHaveLength(count));

/** What would be told is told by now: a message that surely is has been. */
async function toldOnly(...expected: string[]): Promise<void> {
  hear(withBob, created(1, { text: "the last" }));
  await eventually(() => expect(titles()).toContain("bob"));
  expect(titles()).toEqual([...expected, "bob"]);
}

it("tells of a message in another room, in plain words, with a tone", async () => {
  await open();
  hear(help, created(1, { mentions: [alice], text: "> quoted **bold** [link](https://x.org)\nmore" }));
  await told(1);
  const [{ title, options }] = TestNotification.all as [TestNotification];
  expect(title).toBe("bob in Help");
  expect(options).toMatchObject({ body: "quoted bold link", icon: "/communication/static/notification.png", silent: true });
  expect(play).toHaveBeenCalledOnce();
});

it("tells nothing of what the levels do not ask for, of one's own, and of the room before one's eyes", async () => {
  await open();
  hear(help, created(1));
  hear(lobby, created(1), created(2, { user: alice }));
  await toldOnly();
  expect(play).toHaveBeenCalledOnce();
});

it.each(["focus", "visibility"])("tells of the open room when the page has lost its %s", async (lost) => {
  await open();
  if (lost === "focus") hasFocus = false;
  else vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  hear(lobby, created(1));
  await told(1);
  expect(titles()).toEqual(["bob in All Chats"]);
});

it("tells a burst at once and then together, by one notification of each room and one tone each time", async () => {
  await open();
  hasFocus = false;
  for (let seq = 1; seq <= 30; seq++) hear(lobby, created(seq, { text: `number ${seq}` }));
  await told(1);
  for (let seq = 31; seq <= 60; seq++) hear(lobby, created(seq, { text: `number ${seq}` }));
  await told(2);
  expect(play).toHaveBeenCalledTimes(2);
  const [first, second] = TestNotification.all as [TestNotification, TestNotification];
  expect(second.options.tag).toBe(first.options.tag);
  expect(second.options.body).toContain("number 60");
}, REST * 10);

it("counts the messages that one stands for", async () => {
  await open();
  hear(withBob, created(1), created(2, { text: "the second" }));
  hear(help, created(1, { mentions: [alice] }), created(2, { mentions: [alice], text: "still there?" }));
  await told(2);
  expect(titles()).toEqual(["2 new messages from bob", "2 new messages in Help"]);
  expect(TestNotification.all.map(({ options }) => options.body)).toEqual(["the second", "bob: still there?"]);
});

it("leads to the message by a click", async () => {
  await open();
  const jump = vi.spyOn(rendered.chat, "jumpTo").mockResolvedValue();
  hear(withBob, created(1));
  await told(1);
  TestNotification.all[0]?.dispatchEvent(new Event("click"));
  expect(show).toHaveBeenCalledOnce();
  expect(jump).toHaveBeenCalledExactlyOnceWith("r3", 1);
  expect(TestNotification.all[0]?.isOpen).toBe(false);
});

it("takes it back when it is read, in this tab or another, or gone", async () => {
  await open();
  hear(withBob, created(1));
  hear(help, created(1, { mentions: [alice] }));
  await told(2);
  rendered.listener.roomUpdated({ room: { ...withBob, head_seq: 1, read_seq: 1 } });
  const isOpen = () => TestNotification.all.map((one) => one.isOpen);
  await eventually(() => expect(isOpen()).toEqual([false, true]));
  hear(help, updated(2, 1, { deleted: true }));
  await eventually(() => expect(isOpen()).toEqual([false, false]));
});

it("takes it back when one looks at the room, which counted as read before", async () => {
  await open();
  hasFocus = false;
  rendered.chat.setReading(true);
  hear(lobby, created(1));
  await told(1);
  expect(TestNotification.all[0]?.isOpen).toBe(true);
  hasFocus = true;
  window.dispatchEvent(new Event("focus"));
  expect(TestNotification.all[0]?.isOpen).toBe(false);
});

it("tells once of all that was missed during an outage", async () => {
  await open();
  hasFocus = false;
  rendered.listener.state("connecting");
  const missed = { head_seq: 50, unread: 50 };
  rendered.listener.ready(ready([{ ...lobby, ...missed }, { ...help, ...missed, mentions: 1 }, withBob]));
  await told(1);
  expect(TestNotification.all[0]?.options.body).toBe("51 new messages while the connection was lost");
  const replayed = Array.from({ length: 50 }, (_, seq) => created(seq + 1));
  hear(lobby, ...replayed);
  await toldOnly("Chat");
});

it("is silent as long as nothing is wanted, and again when it is not wanted any more", async () => {
  await open({ desktop: false, sound: false });
  hear(withBob, created(1));
  rendered.chat.wishes.setDesktop(true);
  await vi.dynamicImportSettled();
  hear(withBob, created(2));
  await told(1);
  rendered.chat.wishes.setDesktop(false);
  await eventually(() => expect(TestNotification.all[0]?.isOpen).toBe(false));
  hear(withBob, created(3));
  expect(play).not.toHaveBeenCalled();
  expect(TestNotification.all).toHaveLength(1);
});

it("sounds without notifications too, and does without where the browser refuses them", async () => {
  await open({ desktop: false, sound: true });
  hear(withBob, created(1));
  await eventually(() => expect(play).toHaveBeenCalledOnce());
  expect(TestNotification.all).toEqual([]);
  TestNotification.refuses = true;
  rendered.chat.wishes.setDesktop(true);
  hear(withBob, created(2));
  await eventually(() => expect(play).toHaveBeenCalledTimes(2));
  expect(TestNotification.all).toEqual([]);
});

it("tells of what the page shows without focus, rather than another page", async () => {
  await open();
  hasFocus = false;
  const other = new BroadcastChannel(`galaxy-communication-alerts / ${alice.id}`);
  other.postMessage({ kind: "bid", keys: [`${lobby.id}m1`], bid: { tab: "!", rank: 3 } });
  hear(lobby, created(1));
  await told(1);
  other.close();
  expect(titles()).toEqual(["bob in All Chats"]);
});

it("tells of what another page in sight has marked as read meanwhile, but not of what was deleted", async () => {
  await open();
  hasFocus = false;
  hear(withBob, created(1));
  rendered.listener.roomUpdated({ room: { ...withBob, head_seq: 1, read_seq: 1 } });
  await told(1);
  expect(titles()).toEqual(["bob"]);
  hear(lobby, created(1, { text: "gone" }), updated(2, 1, { deleted: true }), created(3, { text: "here" }));
  await told(2);
  expect(TestNotification.all[1]?.options.body).toBe("here");
});
