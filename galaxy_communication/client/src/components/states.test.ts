/** What stands where there is nothing to show or to write, and what waits. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { nextTick } from "vue";

import { ChatError } from "../api/errors";
import { alice, bob, created, frame, message, room } from "../../tests/samples";
import { render, renderOffline, settled } from "../../tests/render";

beforeEach(() => sessionStorage.clear());
afterEach(() => void vi.useRealTimers());

function closedRoom(anchors: (name: string) => HTMLElement[]): string {
  return anchors("closed room")[0]?.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

describe("a lost connection", () => {
  it("says what still works and when it is tried again, and can be tried at once", async () => {
    const { screen, anchors, listener, requests } = await render({ history: [message(1)] });
    vi.useFakeTimers();
    listener.state("connecting");
    listener.nextTry(Date.now() + 5_000);
    await nextTick();
    screen.getByText(/You can go on writing/);
    expect(anchors("announcement")[0]?.textContent).toBe("The connection to the chat was lost.");
    expect(screen.getByRole("timer").textContent).toBe("Next try in 5 seconds.");
    vi.advanceTimersByTime(1_000);
    await nextTick();
    expect(screen.getByRole("timer").textContent).toBe("Next try in 4 seconds.");
    screen.getByRole("button", { name: "Try now" }).click();
    expect(requests).toContainEqual(["try now", null]);
    listener.nextTry(null);
    await nextTick();
    expect(screen.getByRole("button", { name: "Try now" }).hasAttribute("disabled")).toBe(true);
    vi.advanceTimersByTime(60_000);
    await nextTick();
    screen.getByText(/out of reach for a while/);
    listener.state("connected");
    await nextTick();
    expect(screen.queryByText(/out of reach/)).toBeNull();
  });

  it("is told before the first one, too, once it has failed", async () => {
    const { screen, chat, listener } = await renderOffline();
    chat.goOnline();
    await settled();
    expect(screen.queryByRole("button", { name: "Try now" })).toBeNull();
    listener.nextTry(Date.now() + 5_000);
    await settled();
    screen.getByText("The chat does not answer yet, trying again…");
  });
});

describe("somebody who was silenced", () => {
  const silence = { automatic: false, until: new Date(2100, 0, 1, 14, 30).toISOString(), reason: "Enough." };

  it("sees it at once, why and until when, and goes on where they were when it is over", async () => {
    const { anchors, listener, chat } = await render();
    const [entry] = chat.state.rooms.values();
    if (entry) chat.draft(entry, "half a thought");
    listener.silence({ silence });
    listener.roomUpdated({ room: room({ can_post: false }) });
    await settled();
    expect(anchors("composer")).toEqual([]);
    expect(closedRoom(anchors)).toMatch(/^You cannot write until .*2100.* A moderator has silenced you: Enough\. You can go on reading/);
    listener.roomUpdated({ room: room() });
    listener.silence({ silence: null });
    await settled();
    expect((anchors("composer")[0] as HTMLTextAreaElement).value).toBe("half a thought");
  });

  it("learns from the start that it has no end", async () => {
    const { anchors } = await render({ rooms: [room({ can_post: false })], welcome: { silence: { automatic: false, until: null, reason: "" } } });
    expect(closedRoom(anchors)).toBe(
      "You cannot write for now. A moderator has silenced you. You can go on reading. What you have begun to write is kept. " +
        "An administrator of this Galaxy can lift it.",
    );
  });
});

it("somebody who flooded a room learns that nobody in particular has silenced them", async () => {
  const silence = { automatic: true, until: new Date(2100, 0, 1, 14, 30).toISOString(), reason: "Flood." };
  const { anchors } = await render({ rooms: [room({ can_post: false })], welcome: { silence } });
  expect(closedRoom(anchors)).toMatch(/^You cannot write until .*2100.* You sent too many messages without a pause, and can only read/);
});

it("an archived room shows whoever may bring it back where", async () => {
  const { anchors, screen } = await render({
    rooms: [room({ kind: "public", archived: true, can_post: false, can_manage: true })],
    rest: { members: () => Promise.resolve([]) },
  });
  expect(closedRoom(anchors)).toContain("You can bring it back in its details.");
  anchors("closed room")[0]?.querySelector("button")?.click();
  await settled();
  screen.getByRole("button", { name: "Bring this room back" });
});

it("a ban says why and for how long", async () => {
  const { screen, listener } = await render();
  listener.refused(new ChatError("forbidden", "You are banned from the chat. Spam.", 30));
  await settled();
  screen.getByText(/You are banned from the chat\. Spam\./);
  expect(screen.getByRole("timer").textContent).toMatch(/^Try again in (30|29) seconds\.$/);
});

describe("an empty room", () => {
  it.each([
    [room(), "Welcome to All Chats", "Write the first message"],
    [room({ kind: "direct", name: "bob", other: bob, can_invite: false }), "Say hello to bob", "Say hello"],
    [room({ kind: "public", name: "Club" }), "Nobody has written here yet.", "Write the first message"],
  ])("says what it is for, and leads to the composer: %s", async (empty, title, action) => {
    const { screen, anchors } = await render({ rooms: [empty] });
    screen.getByText(title);
    screen.getByRole("button", { name: action }).click();
    await settled();
    expect(document.activeElement).toBe(anchors("composer")[0]);
  });

  it("of one's own has people invited", async () => {
    const own = room({ kind: "private", name: "Plans", listed: false, role: "owner", member_count: 1 });
    const { screen } = await render({ rooms: [own], rest: { users: () => Promise.resolve([]) } });
    screen.getByText("This room is yours.");
    screen.getByRole("button", { name: "Invite people" }).click();
    await settled();
    screen.getByRole("combobox", { name: "Invite people to Plans" });
  });

  it("that one cannot write in offers nothing", async () => {
    const { screen, anchors } = await render({ rooms: [room({ archived: true, can_post: false })] });
    screen.getByText("Nobody has written here.");
    expect(anchors("empty room")[0]?.querySelector("button")).toBeNull();
  });
});

it("without any room one may browse them and make one", async () => {
  const { screen } = await render({ rooms: [room({ joined: false, kind: "public" })], rest: { rooms: () => Promise.resolve([]) } });
  screen.getByText("You are in no room.");
  screen.getByRole("button", { name: "Browse rooms" }).click();
  await settled();
  screen.getByRole("dialog", { name: "Browse rooms" });
});

it("several messages that were not sent can be sent again together, in their order", async () => {
  let isClosed = true;
  const { screen, chat, requests } = await render({
    play(name) {
      if (name === "message.send" && isClosed) throw new ChatError("archived", "");
    },
  });
  const [entry] = chat.state.rooms.values();
  if (!entry) throw new Error("no room");
  chat.send(entry, "one");
  chat.send(entry, "two");
  await settled();
  screen.getByText("2 messages were not sent.");
  isClosed = false;
  requests.splice(0);
  screen.getByRole("button", { name: "Send all again" }).click();
  await settled();
  const sent = requests.filter(([name]) => name === "message.send").map(([, payload]) => (payload as { text: string }).text);
  expect(sent).toEqual(["one", "two"]);
  expect(screen.queryByText(/were not sent/)).toBeNull();
});

it("slow mode says how often one may write, and when again", async () => {
  const { anchors, listener } = await render({ rooms: [room({ slow_mode_seconds: 30 })] });
  expect(anchors("slow mode")[0]?.textContent?.trim()).toBe("Slow mode: one message every 30 seconds.");
  const mine = created(1, { user: alice, created_at: new Date(Date.now() + 90_000).toISOString() });
  listener.roomEvents({ room_id: "r1", ...frame(mine) });
  await settled();
  expect(anchors("slow mode")[0]?.textContent).toMatch(/in (30|29) seconds\.$/);
});
