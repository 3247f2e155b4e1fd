import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it } from "vitest";

import { alice, bob, message, room } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const reactions = [
  { emoji: "👍", count: 2, users: [alice, bob] },
  { emoji: "🧬", count: 25, users: [{ ...bob, username: null }] },
];

async function shown(options: Options = {}) {
  const rendered = await render({ history: [message(1, { reactions })], ...options });
  const list = () => within(rendered.screen.getByRole("list", { name: "Reactions" }));
  async function press(key: string): Promise<void> {
    await fireEvent.keyDown(document.activeElement ?? document.body, { key });
    await settled();
  }
  const sent = () => rendered.requests.filter(([name]) => name === "message.react").map(([, payload]) => payload);
  return { ...rendered, list, press, sent };
}

it("reactions say how many there are and from whom, and which are one's own", async () => {
  const { list } = await shown();
  const [first, second] = list().getAllByRole("button");
  expect([first?.textContent?.trim(), second?.textContent?.trim()]).toEqual(["👍 2", "🧬 25"]);
  expect([first?.title, second?.title]).toEqual(["👍: You and bob", "🧬: Unknown user and 24 others"]);
  expect([first?.getAttribute("aria-pressed"), second?.getAttribute("aria-pressed")]).toEqual(["true", "false"]);
});

it("a click joins in, another one takes it back", async () => {
  const changed = (count: number, users: (typeof bob)[]) => message(1, { changed_seq: 1 + count, reactions: [{ emoji: "👍", count, users }] });
  const { list, sent } = await shown({
    history: [changed(1, [bob])],
    play: (name) => name === "message.react" && { message: changed(2, [bob, alice]) },
  });
  const button = () => list().getByRole("button", { name: /^👍/ });
  button().click();
  await settled();
  expect(button().getAttribute("aria-pressed")).toBe("true");
  button().click();
  await settled();
  expect(sent()).toEqual([
    { message_id: "m1", emoji: "👍", on: true },
    { message_id: "m1", emoji: "👍", on: false },
  ]);
});

it("the last one that is taken back leaves the focus with the message", async () => {
  const { list, anchors } = await shown({
    history: [message(1, { reactions: [{ emoji: "👍", count: 1, users: [alice] }] })],
    play: (name) => name === "message.react" && { message: message(1, { changed_seq: 2 }) },
  });
  const button = list().getByRole("button", { name: /^👍/ });
  button.focus();
  button.click();
  await settled();
  await settled();
  expect(button.isConnected).toBe(false);
  expect(document.activeElement).toBe(anchors("message")[0]);
});

it("who may not write in a room may not react there", async () => {
  const { list } = await shown({ rooms: [room({ can_post: false })] });
  const buttons = list().getAllByRole<HTMLButtonElement>("button");
  expect(buttons.map(({ disabled }) => disabled)).toEqual([true, true]);
});

describe("the choice of emoji", () => {
  async function opened() {
    const rendered = await shown();
    rendered.list().getByRole("button", { name: "Add reaction" }).click();
    await settled();
    const picker = within(rendered.screen.getByRole("dialog", { name: "Choose a reaction" }));
    const box = picker.getByRole<HTMLInputElement>("textbox", { name: "Find or type an emoji" });
    const look = async (value: string) => {
      await fireEvent.input(box, { target: { value } });
      await settled();
    };
    return { ...rendered, picker, box, look };
  }

  it("is walked with the arrows", async () => {
    const { press, box, sent, screen } = await opened();
    expect(document.activeElement).toBe(box);
    const here = () => document.activeElement?.getAttribute("aria-label");
    await press("ArrowDown");
    expect(here()).toBe("thumbs up");
    await press("ArrowRight");
    expect(here()).toBe("thumbs down");
    await press("ArrowDown");
    await press("ArrowUp");
    expect(here()).toBe("thumbs down");
    await press("End");
    expect(here()).toBe("hourglass");
    await press("Home");
    await press("ArrowUp");
    expect(document.activeElement).toBe(box);
    await press("ArrowDown");
    await press("ArrowRight");
    (document.activeElement as HTMLElement).click();
    await settled();
    expect(sent()).toEqual([{ message_id: "m1", emoji: "👎", on: true }]);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Add reaction");
  });

  it("is searched, and Enter takes the first", async () => {
    const { look, press, picker, sent } = await opened();
    await look("rocket");
    expect(picker.getAllByRole("button").map(({ title }) => title)).toEqual(["rocket"]);
    await press("Enter");
    expect(sent()).toEqual([{ message_id: "m1", emoji: "🚀", on: true }]);
  });

  it("takes one that it does not offer, and nothing that is none", async () => {
    const { look, press, sent, picker } = await opened();
    await look("quagga");
    picker.getByText("No emoji is called so.");
    await press("Enter");
    expect(sent()).toEqual([]);
    await look("🦓");
    await press("Enter");
    expect(sent()).toEqual([{ message_id: "m1", emoji: "🦓", on: true }]);
  });

  it("does not take back what is one's own already, and closes with Escape", async () => {
    const { picker, sent, screen, list, press } = await opened();
    picker.getByRole("button", { name: "thumbs up" }).click();
    await settled();
    expect(sent()).toEqual([]);
    list().getByRole("button", { name: "Add reaction" }).click();
    await settled();
    await press("Escape");
    expect(screen.queryByRole("dialog")).toBeNull();
  });
});
