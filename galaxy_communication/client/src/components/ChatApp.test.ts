import { within } from "@testing-library/dom";
import { beforeEach, describe, expect, it } from "vitest";

import { ChatError } from "../api/errors";
import { bob, created, frame, message, room } from "../../tests/samples";
import { render, renderOffline, settled } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

describe("the bubble", () => {
  it("is offline at first, and goes online and offline", async () => {
    const { anchors, screen, listener } = await renderOffline();
    const [bubble] = anchors("status");
    const [connection] = anchors("connection");
    expect(bubble?.getAttribute("aria-pressed")).toBe("false");
    expect(bubble?.textContent).toContain("Offline");
    expect(connection?.dataset["state"]).toBe("offline");
    screen.getByText("You are offline.");
    bubble?.click();
    await settled();
    expect(bubble?.getAttribute("aria-pressed")).toBe("true");
    expect(connection?.dataset["state"]).toBe("connecting");
    listener.state("connected");
    await settled();
    expect(connection?.dataset["state"]).toBe("connected");
    bubble?.click();
    await settled();
    expect(connection?.dataset["state"]).toBe("offline");
  });

  it("has a second button where the panel is empty", async () => {
    const { screen, anchors } = await renderOffline();
    screen.getByRole("button", { name: "Go online" }).click();
    await settled();
    expect(anchors("status")[0]?.textContent).toContain("Online");
  });
});

describe("the rooms", () => {
  const rooms = [
    room({ id: "r1" }),
    room({ id: "r2", name: "Help", kind: "persistent", unread: 3, head_seq: 9 }),
    room({ id: "r3", name: "Journal club", kind: "public", joined: false, can_post: false }),
  ];

  it("are listed with what is new, and the open one is marked", async () => {
    const { screen, anchors } = await render({ rooms });
    expect(anchors("room").map(({ dataset }) => dataset["roomName"])).toEqual(["All Chats", "Help", "Journal club"]);
    expect(anchors("room").map((entry) => entry.getAttribute("aria-current"))).toEqual(["true", null, null]);
    screen.getByRole("button", { name: "Help 3 unread messages" });
  });

  it("open by a click, and are joined where they are not", async () => {
    const { anchors, requests, screen } = await render({
      rooms,
      play: (name) => (name === "room.join" ? { room: { ...rooms[2], joined: true, can_post: true } } : undefined),
    });
    anchors("room")[2]?.click();
    await settled();
    expect(requests).toContainEqual(["room.join", { room_id: "r3" }]);
    const open = anchors("room").find((entry) => entry.getAttribute("aria-current"));
    expect(open?.dataset["roomName"]).toBe("Journal club");
    expect(document.activeElement).toBe(screen.getByRole("textbox", { name: "Message to Journal club" }));
  });

  it("can be left, but not the lobby; one without a way back only after a question", async () => {
    const hidden = room({ id: "r4", name: "Secret", kind: "private", listed: false });
    const { anchors, screen, requests } = await render({ rooms: [room(), hidden], play: () => ({}), rest: { members: () => Promise.resolve([]) } });
    screen.getByRole("button", { name: "Room details" }).click();
    await settled();
    expect(screen.queryByRole("button", { name: /^Leave/ })).toBeNull();
    screen.getByRole("button", { name: "Close details" }).click();
    await settled();
    anchors("room")[1]?.click();
    await settled();
    screen.getByRole("button", { name: "Room details" }).click();
    await settled();
    screen.getByRole("button", { name: "Leave this room" }).click();
    await settled();
    expect(requests.map(([name]) => name)).not.toContain("room.leave");
    screen.getByRole("button", { name: "Leave" }).click();
    await settled();
    expect(requests).toContainEqual(["room.leave", { room_id: "r4" }]);
    expect(anchors("room")).toHaveLength(1);
  });

  it("keep what one has typed in each", async () => {
    const { anchors } = await render({ rooms });
    const type = (text: string): void => {
      const [box] = anchors("composer") as HTMLTextAreaElement[];
      if (!box) return;
      box.value = text;
      box.dispatchEvent(new Event("input"));
    };
    type("half a thought");
    anchors("room")[1]?.click();
    await settled();
    expect((anchors("composer")[0] as HTMLTextAreaElement).value).toBe("");
    anchors("room")[0]?.click();
    await settled();
    expect((anchors("composer")[0] as HTMLTextAreaElement).value).toBe("half a thought");
  });

  it("that are closed say so in place of the composer", async () => {
    const { screen, anchors } = await render({ rooms: [room({ archived: true, can_post: false })] });
    screen.getByText(/archived/);
    expect(anchors("composer")).toEqual([]);
  });
});

describe("the messages", () => {
  it("carry number and author, and their text without any markup but markdown", async () => {
    const text = "one\ntwo <b>three</b> https://usegalaxy.org.";
    const { anchors, screen } = await render({
      history: [message(1, { text }), message(2, { user: { ...bob, id: "x", username: null } })],
    });
    screen.getByRole("log", { name: "Messages in All Chats" });
    expect(anchors("message").map(({ dataset }) => [dataset["seq"], dataset["author"]])).toEqual([
      ["1", "bob"],
      ["2", ""],
    ]);
    expect(anchors("message text")[0]?.textContent).toBe(text);
    const link = screen.getByRole("link", { name: "https://usegalaxy.org" });
    expect([link.getAttribute("rel"), link.getAttribute("target")]).toEqual(["noopener noreferrer nofollow", "_blank"]);
  });

  it("come live, and a deleted one leaves its place", async () => {
    const { anchors, listener, screen } = await render();
    screen.getByText("Welcome to All Chats");
    listener.roomEvents({ room_id: "r1", ...frame(created(1)) });
    await settled();
    expect(anchors("message text")[0]?.textContent).toBe("text 1");
    const deleted = message(1, { changed_seq: 2, deleted: true, text: "" });
    listener.roomEvents({ room_id: "r1", ...frame({ seq: 2, type: "message.deleted", message: deleted }) });
    await settled();
    expect(anchors("message")).toHaveLength(1);
    screen.getByText("This message was deleted.");
  });

  it("that one sees are read", async () => {
    const { requests, listener } = await render();
    listener.roomEvents({ room_id: "r1", ...frame(created(1)) });
    await settled();
    expect(requests).toContainEqual(["room.read", { room_id: "r1", seq: 1 }]);
  });
});

it("what was written to a room that one had to leave is not lost from sight", async () => {
  const { screen, chat, listener } = await render({
    rooms: [room(), room({ id: "r2", name: "Secret", kind: "private", listed: false })],
    play(name) {
      if (name === "message.send") throw new ChatError("not_found", "There is no such room.");
    },
  });
  const secret = chat.state.rooms.get("r2");
  if (secret) chat.send(secret, "the plan");
  listener.roomRemoved({ room_id: "r2", reason: "removed" });
  await settled();
  const unsent = within(screen.getByRole("list", { name: "Messages that were not sent" }));
  expect(unsent.getByRole("listitem").textContent).toContain("you are no longer in Secret: the plan");
  unsent.getByRole("button", { name: "Discard" }).click();
  await settled();
  expect(chat.outbox.entries).toEqual([]);
});

describe("the states", () => {
  it("a lost connection is said, and what was there stays", async () => {
    const { screen, listener, anchors } = await render({ history: [message(1)] });
    listener.state("connecting");
    await settled();
    screen.getByText("Connection lost, trying again…");
    expect(anchors("message")).toHaveLength(1);
  });

  it("an ended session offers the login", async () => {
    const { screen, listener } = await render();
    listener.refused(new ChatError("not_authenticated", ""));
    await settled();
    screen.getByText("Your Galaxy session ended.");
    expect(screen.getByRole("link", { name: "Log in" }).getAttribute("href")).toBe("/login/start?redirect=%2F");
    screen.getByRole("button", { name: "Try again" }).click();
    await settled();
    expect(screen.queryByText("Your Galaxy session ended.")).toBeNull();
  });

  it("an error is told until it is dismissed", async () => {
    const { screen, anchors } = await render({
      rooms: [room(), room({ id: "r2", name: "Help", kind: "public", joined: false })],
      play() {
        throw new ChatError("not_found", "There is no such room.");
      },
    });
    anchors("room")[1]?.click();
    await settled();
    expect(screen.getByRole("alert").textContent).toContain("There is no such room.");
    screen.getByRole("button", { name: "Dismiss" }).click();
    await settled();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
