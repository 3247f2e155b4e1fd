import { fireEvent } from "@testing-library/dom";
import { beforeEach, describe, expect, it } from "vitest";

import { ChatError } from "../api/errors";
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
  [new ChatError("overloaded", "The database is busy.", 2), "The server is busy, trying again…"],
  [new ChatError("rate_limited", "", 2), "That was fast. Sending in a moment…"],
  [new ChatError("timeout", ""), "No answer yet, trying again…"],
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
