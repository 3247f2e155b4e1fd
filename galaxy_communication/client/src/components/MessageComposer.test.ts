import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import { composer, sent } from "../../tests/composer";
import { settled, type Rendered } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

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
    expect(anchors("message")[0]?.textContent).toContain("Not sent. You are silenced. Try again in 3 seconds.");
    expect(anchors("announcement")[0]?.textContent).toContain("not sent. You are silenced.");
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
      welcome: { preferences: { enabled: true, presence: true, typing: false, notifications: true, sound: false, language: null } },
    });
    await type("a");
    expect(typings(rest)).toEqual([]);
  });
});

it("what is typed is there again after a reload, until it is sent", async () => {
  const { type } = await composer();
  await type("half a thought");
  const again = await composer();
  expect(again.box.value).toBe("half a thought");
  await again.press({});
  expect((await composer()).box.value).toBe("");
});
