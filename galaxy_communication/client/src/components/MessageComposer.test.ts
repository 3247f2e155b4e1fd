import { fireEvent } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import type { Member } from "../api/wire";
import type { RoomEntry } from "../stores/rooms";
import { eventually } from "../../tests/eventually";
import { alice, bob, message, room } from "../../tests/samples";
import { render, settled, type Options, type Rendered } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

async function composer(options: Options = {}) {
  const rendered = await render(options);
  const box = rendered.screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message to All Chats" });
  async function type(text: string): Promise<void> {
    await fireEvent.input(box, { target: { value: text } });
    await settled();
  }
  async function press(key: KeyboardEventInit): Promise<boolean> {
    const goesOn = await fireEvent.keyDown(box, { key: "Enter", ...key });
    await settled();
    return goesOn;
  }
  return { ...rendered, box, type, press };
}

const sent = ({ requests }: Pick<Rendered, "requests">) => requests.filter(([name]) => name === "message.send");

describe("Enter", () => {
  it("sends, once, and empties the box", async () => {
    const { type, press, box, anchors, ...rest } = await composer();
    await type("hello \n");
    expect(await press({})).toBe(false);
    expect(sent(rest)).toEqual([["message.send", expect.objectContaining({ room_id: "r1", text: "hello" })]]);
    expect(box.value).toBe("");
    expect(anchors("message text").map(({ textContent }) => textContent)).toEqual(["hello"]);
  });

  it.each([
    ["with Shift breaks the line", { shiftKey: true }],
    ["while an input method composes is its own", { isComposing: true }],
    ["at the end of composing in Safari, too", { keyCode: 229 }],
  ])("%s", async (_case, key) => {
    const { type, press, ...rest } = await composer();
    await type("こんにちは");
    expect(await press(key)).toBe(true);
    expect(sent(rest)).toEqual([]);
  });

  it("sends nothing of blanks", async () => {
    const { type, press, ...rest } = await composer();
    await type(" \n ");
    await press({});
    expect(sent(rest)).toEqual([]);
  });
});

it("counts down in characters as people count them, and refuses what is too long", async () => {
  const { type, press, box, screen, ...rest } = await composer();
  await type("🧬".repeat(99));
  screen.getByText("1 character left");
  await type("🧬".repeat(102));
  screen.getByText("2 characters too many");
  expect(box.getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Send" }).disabled).toBe(true);
  await press({});
  expect(sent(rest)).toEqual([]);
});

it("a message on its way is shown as such", async () => {
  const { type, press, anchors } = await composer({ play: () => new Promise(() => undefined) });
  await type("hello");
  await press({});
  const [message] = anchors("message");
  expect(message?.dataset["delivery"]).toBe("pending");
  expect(message?.dataset["seq"]).toBeUndefined();
  expect(message?.dataset["author"]).toBe("alice");
});

it.each([
  [new ChatError("overloaded", "The database is busy.", 2), /^The server is busy\. Trying again in \d s…$/],
  [new ChatError("rate_limited", "", 2), /^That was fast\. Sending in \d s…$/],
  [new ChatError("timeout", ""), /^No answer yet[,.] [Tt]rying again/],
])("a message that has to wait says what for, and is no error: %s", async (error, text) => {
  const { type, press, screen, anchors } = await composer({
    play(name) {
      if (name === "message.send") throw error;
    },
  });
  await type("hello");
  await press({});
  expect(anchors("message")[0]?.dataset["delivery"]).toBe("pending");
  screen.getByText(text);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("a message that is written without a connection waits for it", async () => {
  const { type, press, screen, listener } = await composer({
    play(name) {
      if (name === "message.send") throw new ChatError("disconnected", "");
    },
  });
  listener.state("connecting");
  await type("hello");
  await press({});
  screen.getByText("Will be sent when the connection is back.");
});

describe("a message that failed", () => {
  async function failed() {
    let refuse = true;
    const shown = await composer({
      play(name) {
        if (name === "message.send" && refuse) throw new ChatError("silenced", "You are silenced.", 3);
        return undefined;
      },
    });
    await shown.type("hello");
    await shown.press({});
    return { ...shown, allow: () => (refuse = false) };
  }

  it("says why, and can be sent again under the same id", async () => {
    const { screen, anchors, allow, ...rest } = await failed();
    expect(screen.getByRole("alert").textContent).toContain("Not sent. You are silenced. Try again in 3 seconds.");
    allow();
    screen.getByRole("button", { name: "Send again" }).click();
    await settled();
    expect(anchors("message").map(({ dataset }) => dataset["delivery"])).toEqual(["sent"]);
    const ids = sent(rest).map(([, payload]) => (payload as { client_id: string }).client_id);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it("can be discarded", async () => {
    const { screen, anchors } = await failed();
    screen.getByRole("button", { name: "Discard" }).click();
    await settled();
    expect(anchors("message")).toEqual([]);
  });
});

describe("an answer", () => {
  const question = message(1, { text: "**Why?**" });

  async function answering(options: Options = {}) {
    const shown = await composer({ history: [question, message(2, { user: alice, text: "mine" })], ...options });
    const entry = shown.chat.state.rooms.get("r1") as RoomEntry;
    shown.chat.reply(entry, question);
    await settled();
    return { ...shown, entry };
  }

  it("says whom it is for, and carries the message that it answers", async () => {
    const { box, anchors, type, press, ...rest } = await answering();
    expect(anchors("composer note")[0]?.textContent).toContain("Replying to bob Why?");
    expect(document.activeElement).toBe(box);
    await type("because");
    await press({});
    expect(sent(rest)).toEqual([["message.send", expect.objectContaining({ text: "because", reply_to: "m1" })]]);
    expect(anchors("composer note")).toEqual([]);
    await type("and another one");
    await press({});
    expect(sent(rest)[1]?.[1]).toMatchObject({ reply_to: null });
  });

  it("can become an ordinary message, with what is written", async () => {
    for (const cancel of ["button", "Escape"]) {
      const { box, screen, anchors, type, press } = await answering();
      await type("because");
      if (cancel === "button") screen.getByRole("button", { name: "Cancel reply" }).click();
      else await press({ key: "Escape" });
      await settled();
      expect(anchors("composer note")).toEqual([]);
      expect(box.value).toBe("because");
    }
  });
});

describe("an edit", () => {
  const mine = message(2, { user: alice, text: "mine" });
  const history = [mine, message(3, { user: alice, deleted: true, text: "" }), message(4)];

  async function editing(options: Options = {}) {
    const shown = await composer({ history, ...options });
    await shown.press({ key: "ArrowUp" });
    return shown;
  }
  const edits = ({ requests }: Pick<Rendered, "requests">) => requests.filter(([name]) => name === "message.edit");

  it("of one's last message begins with ArrowUp in an empty box", async () => {
    const { box, screen, anchors } = await editing();
    expect(box.value).toBe("mine");
    expect(anchors("composer note")[0]?.textContent).toContain("Editing your message");
    screen.getByRole("button", { name: "Save" });
    expect([document.activeElement, box.selectionStart]).toEqual([box, 4]);
  });

  it("does not begin where there is something written", async () => {
    const { box, type, press } = await composer({ history });
    await type("x");
    expect(await press({ key: "ArrowUp" })).toBe(true);
    expect(box.value).toBe("x");
  });

  it("does not take another message for the one that is on its way", async () => {
    const { box, type, press } = await composer({ history, play: () => new Promise(() => undefined) });
    await type("newer");
    await press({});
    await press({ key: "ArrowUp" });
    expect(box.value).toBe("");
  });

  it("is saved with Enter, and shown", async () => {
    const { type, press, box, anchors, screen, ...rest } = await editing({
      play: (name) => name === "message.edit" && { message: { ...mine, changed_seq: 5, text: "better", edited_at: "2026-01-15T12:00:00Z" } },
    });
    await type("better");
    await press({});
    expect(edits(rest)).toEqual([["message.edit", { message_id: "m2", text: "better" }]]);
    expect(anchors("message text")[0]?.textContent).toBe("better");
    expect(screen.getByText("edited").title).toMatch(/^Thursday, January 15, 2026/);
    expect([box.value, anchors("composer note")]).toEqual(["", []]);
  });

  it("that the server refuses can be tried again", async () => {
    const { type, press, box, screen } = await editing({
      play() {
        throw new ChatError("too_long", "Too long.");
      },
    });
    await type("better");
    await press({});
    expect(box.value).toBe("better");
    expect(screen.getByRole("alert").textContent).toContain("Too long.");
  });

  it("ends with Escape, and what one was writing comes back", async () => {
    const { type, press, box, chat, anchors, ...rest } = await composer({ history });
    await type("half a thought");
    chat.startEdit(chat.state.rooms.get("r1") as RoomEntry, mine);
    await settled();
    await type("changed");
    expect(await press({ key: "Escape" })).toBe(false);
    expect([box.value, anchors("composer note"), edits(rest)]).toEqual(["half a thought", [], []]);
  });

  it("that changes nothing asks nobody, and one of nothing is none", async () => {
    const { type, press, box, ...rest } = await editing();
    await type("  ");
    await press({});
    expect(box.value).toBe("  ");
    await type("mine ");
    await press({});
    expect([box.value, edits(rest)]).toEqual(["", []]);
  });
});

describe("that one is writing", () => {
  const typings = ({ requests }: Pick<Rendered, "requests">) => requests.filter(([name]) => name === "room.typing");

  it("is told now and then, and not of an empty box", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { type, ...rest } = await composer();
    await type(" ");
    expect(typings(rest)).toEqual([]);
    await type("a");
    await type("ab");
    expect(typings(rest)).toEqual([["room.typing", { room_id: "r1" }]]);
    vi.setSystemTime(Date.now() + 3_000);
    await type("abc");
    expect(typings(rest)).toHaveLength(2);
    vi.useRealTimers();
  });

  it("is not told by those who do not want it", async () => {
    const { type, ...rest } = await composer({
      welcome: { preferences: { enabled: true, presence: true, typing: false, notifications: true } },
    });
    await type("a");
    expect(typings(rest)).toEqual([]);
  });
});

describe("a name", () => {
  const member = (name: string): Member => ({
    id: name,
    username: name,
    avatar_color: "#555",
    role: "member",
    status: "online",
    joined_at: "2026-01-01T00:00:00Z",
  });

  async function naming(options: Options = {}) {
    const members = vi.fn<Rest["members"]>((_room, { query = "" } = {}) =>
      Promise.resolve(["bea", "benno", "carla"].filter((name) => name.startsWith(query)).map(member)),
    );
    const shown = await composer({ history: [message(1), message(2, { user: alice })], ...options, rest: { members, ...options.rest } });
    const { box } = shown;
    const names = () => shown.screen.queryAllByRole("option").map(({ textContent }) => textContent?.trim());
    const asked = () => eventually(() => expect(members).toHaveBeenCalled()).then(settled);
    return { ...shown, members, box, names, asked };
  }

  it("is offered to those who write an @, first of those who wrote last, then of the room", async () => {
    const { type, names, box, asked, members } = await naming();
    expect(box.getAttribute("role")).toBeNull();
    await type("hello @b");
    expect(names()).toEqual(["B@bob"]);
    await asked();
    expect(members).toHaveBeenCalledWith("r1", { query: "b", limit: 8 });
    expect(names()).toEqual(["B@bob", "B@bea", "B@benno"]);
    expect([box.getAttribute("role"), box.getAttribute("aria-expanded")]).toEqual(["combobox", "true"]);
  });

  it("is chosen with the keyboard, and Enter sends only after that", async () => {
    const { type, names, press, box, asked, ...rest } = await naming();
    await type("hello @be");
    await asked();
    const active = () => document.getElementById(box.getAttribute("aria-activedescendant") ?? "")?.textContent?.trim();
    expect(active()).toBe("B@bea");
    await press({ key: "ArrowDown" });
    expect(active()).toBe("B@benno");
    await press({ key: "ArrowDown" });
    await press({ key: "ArrowUp" });
    expect(await press({})).toBe(false);
    expect([box.value, names(), sent(rest)]).toEqual(["hello @benno ", [], []]);
    expect([box.selectionStart, box.getAttribute("role")]).toEqual([13, null]);
    await press({});
    expect(sent(rest)).toHaveLength(1);
  });

  it("is chosen with Tab or a click, where the caret is", async () => {
    const { press, box, type, asked, screen } = await naming();
    await type("@be, @carla");
    box.setSelectionRange(3, 3);
    await fireEvent.keyUp(box, { key: "ArrowLeft" });
    await asked();
    await press({ key: "Tab" });
    expect(box.value).toBe("@bea, @carla");
    await type("@c");
    await eventually(() => screen.getByRole("option", { name: "@carla" })).then((option) => option.click());
    await settled();
    expect(box.value).toBe("@carla ");
  });

  it("written in full is sent by Enter", async () => {
    const { type, press, asked, ...rest } = await naming();
    await type("@room");
    await press({});
    await type("thanks @bea");
    await asked();
    await press({});
    expect(sent(rest).map(([, payload]) => (payload as { text: string }).text)).toEqual(["@room", "thanks @bea"]);
  });

  it("is not asked for again once one has said no, until the next one", async () => {
    const { type, press, names, box } = await naming();
    await type("@b");
    await press({ key: "Escape" });
    await fireEvent.keyUp(box, { key: "Escape" });
    await type("@bo");
    expect(names()).toEqual([]);
    await type("x @bo");
    expect(names()).toEqual(["B@bob"]);
    await fireEvent.blur(box);
    await settled();
    expect(names()).toEqual([]);
  });

  it("leaves the keys to an input method", async () => {
    const { type, press, box } = await naming();
    await type("@b");
    expect(await press({ isComposing: true })).toBe(true);
    expect(await press({ key: "ArrowDown", keyCode: 229 })).toBe(true);
    expect(box.value).toBe("@b");
  });

  it("is that of the last question, whichever answer comes last", async () => {
    const answers: ((members: Member[]) => void)[] = [];
    const members = vi.fn(() => new Promise<Member[]>((resolve) => answers.push(resolve)));
    const { type, names } = await naming({ rest: { members } });
    await type("@be");
    await eventually(() => expect(answers).toHaveLength(1));
    await type("@ben");
    await eventually(() => expect(answers).toHaveLength(2));
    answers[1]?.([member("benno")]);
    answers[0]?.([member("bea"), member("benjamin")]);
    await settled();
    expect(names()).toEqual(["B@benno"]);
  });

  it("needs no choice between two", async () => {
    const { type, names } = await naming({ rooms: [room({ kind: "direct", other: bob })] });
    await type("@b");
    expect(names()).toEqual([]);
  });
});
