import { beforeEach, describe, expect, it } from "vitest";

import { ChatError } from "../api/errors";
import type { RoomEntry } from "../stores/rooms";
import { composer, sent } from "../../tests/composer";
import { settled, type Options, type Rendered } from "../../tests/render";
import { alice, message } from "../../tests/samples";

beforeEach(() => sessionStorage.clear());

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

  it("does not begin with the key that opens the room before", async () => {
    const { box, press } = await composer({ history });
    await press({ key: "ArrowUp", altKey: true });
    expect(box.value).toBe("");
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
