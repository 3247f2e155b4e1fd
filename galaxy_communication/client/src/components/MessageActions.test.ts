import { fireEvent, within } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Rest } from "../api/rest";
import { alice, bob, frame, message, room, updated } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const own = message(2, { user: alice, text: "mine" });
const theirs = message(1, { text: "theirs" });

async function shown(options: Options = {}) {
  const rendered = await render({ history: [theirs, own], ...options });
  const article = (seq: number): HTMLElement => {
    const found = rendered.anchors("message").find(({ dataset }) => dataset["seq"] === String(seq));
    if (!found) throw new Error(`there is no message ${seq}`);
    return found;
  };
  async function press(key: string, on: Element | null = document.activeElement): Promise<void> {
    await fireEvent.keyDown(on ?? document.body, { key });
    await settled();
  }
  async function menu(seq: number) {
    within(article(seq)).getByRole("button", { name: "More actions" }).click();
    await settled();
    return within(article(seq)).getByRole("menu");
  }
  async function choose(seq: number, name: string): Promise<void> {
    within(await menu(seq)).getByRole("menuitem", { name }).click();
    await settled();
  }
  return { ...rendered, article, press, menu, choose };
}

const items = (menu: HTMLElement) => within(menu).getAllByRole("menuitem").map(({ textContent }) => textContent?.trim());

describe("the menu", () => {
  it("has what one may do to one's own message, to another's, and to a deleted one", async () => {
    const gone = message(3, { deleted: true, text: "" });
    const { menu } = await shown({ history: [theirs, own, gone] });
    expect(items(await menu(1))).toEqual(["Add reaction", "Reply", "Copy link", "Copy text", "Mark unread from here", "Report…"]);
    expect(items(await menu(2))).toEqual([
      "Add reaction",
      "Reply",
      "Edit",
      "Copy link",
      "Copy text",
      "Mark unread from here",
      "Delete",
    ]);
    expect(items(await menu(3))).toEqual(["Copy link", "Mark unread from here"]);
  });

  it("has what a moderator may, and what two may among themselves", async () => {
    const edited = message(1, { edited_at: "2026-01-15T11:00:00Z", pinned: true });
    const moderated = await shown({ history: [edited], rooms: [room({ can_moderate: true })] });
    const all = items(await moderated.menu(1));
    expect(all).toEqual(expect.arrayContaining(["Unpin", "Show versions", "Delete"]));
    expect(all).not.toContain("Edit");
    const direct = await shown({ rooms: [room({ kind: "direct", other: bob })] });
    const between = items(await direct.menu(1));
    expect(between).toContain("Pin to the room");
    expect(between).not.toContain("Delete");
  });

  it("offers nothing to write in a room that one can only read", async () => {
    const { menu } = await shown({ rooms: [room({ archived: true, can_post: false })] });
    expect(items(await menu(2))).toEqual(["Copy link", "Copy text", "Mark unread from here", "Delete"]);
  });

  it("reports a message with a reason, and says that it was done", async () => {
    const report = vi.fn<Rest["report"]>().mockRejectedValueOnce(new ChatError("rate_limited", "Too fast.")).mockResolvedValue({} as never);
    const { choose, screen, anchors } = await shown({ rest: { report } });
    await choose(1, "Report…");
    const box = screen.getByRole("textbox", { name: /^What is wrong/ });
    const button = screen.getByRole<HTMLButtonElement>("button", { name: "Report" });
    expect(button.disabled).toBe(true);
    await fireEvent.input(box, { target: { value: " Spam. " } });
    button.click();
    await settled();
    expect(screen.getByRole("dialog").textContent).toContain("Too fast.");
    button.click();
    await settled();
    await settled();
    expect(report).toHaveBeenLastCalledWith(theirs.id, "Spam.");
    expect(anchors("report")).toEqual([]);
    screen.getAllByText("Reported. The moderators will look at it.");
  });

  it("is one for the keyboard, and gives the focus back", async () => {
    const { article, press, screen } = await shown();
    article(2).focus();
    await press("Enter");
    const focused = () => document.activeElement?.textContent?.trim();
    expect(focused()).toBe("Add reaction");
    await press("ArrowUp");
    expect(focused()).toBe("Delete");
    await press("Home");
    await press("ArrowDown");
    expect(focused()).toBe("Reply");
    await press("c");
    expect(focused()).toBe("Copy link");
    await press("c");
    expect(focused()).toBe("Copy text");
    await press("Escape");
    expect(screen.queryByRole("menu")).toBeNull();
    expect(document.activeElement?.getAttribute("aria-label")).toBe("More actions");
    expect(document.activeElement?.getAttribute("aria-expanded")).toBe("false");
  });

  it("closes when one looks elsewhere", async () => {
    const { menu, screen } = await shown();
    await menu(2);
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true, composed: true }));
    await settled();
    expect(screen.queryByRole("menu")).toBeNull();
  });
});

describe("the messages", () => {
  it("are walked with the arrows, and are one stop for Tab", async () => {
    const { article, press, anchors } = await shown();
    expect(anchors("message").map(({ tabIndex }) => tabIndex)).toEqual([-1, 0]);
    article(2).focus();
    await press("ArrowUp");
    expect(document.activeElement).toBe(article(1));
    expect(article(1).tabIndex).toBe(0);
    await press("ArrowUp");
    expect(document.activeElement).toBe(article(1));
    await press("ArrowDown");
    expect(document.activeElement).toBe(article(2));
  });

  it("show what one does most under the pointer and with the focus", async () => {
    const { article } = await shown();
    const handy = () => within(article(2)).getAllByRole("button").map((button) => button.getAttribute("aria-label"));
    expect(handy()).toEqual(["More actions"]);
    await fireEvent.pointerEnter(article(2));
    await settled();
    expect(handy()).toEqual(["Add reaction", "Reply", "Edit", "More actions"]);
    await fireEvent.pointerLeave(article(2));
    await settled();
    expect(handy()).toEqual(["More actions"]);
    article(2).focus();
    await settled();
    expect(handy()).toHaveLength(4);
  });
});

describe("deleting", () => {
  it("asks once, where the message stands, and leaves a tombstone", async () => {
    const { choose, article, screen, requests } = await shown({
      play: (name) => name === "message.delete" && { message: { ...own, changed_seq: 3, deleted: true, text: "" } },
    });
    await choose(2, "Delete");
    screen.getByRole("alertdialog", { name: "Delete this message?" });
    expect(document.activeElement?.textContent).toBe("Keep");
    screen.getByRole("button", { name: "Delete" }).click();
    await settled();
    expect(requests).toContainEqual(["message.delete", { message_id: "m2" }]);
    expect(article(2).textContent).toContain("This message was deleted.");
    expect(article(2).textContent).not.toContain("mine");
    expect(document.activeElement?.getAttribute("aria-label")).toBe("More actions");
  });

  it("can be thought better of", async () => {
    const { choose, press, screen, requests, article } = await shown();
    await choose(2, "Delete");
    await press("Escape");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(article(2).contains(document.activeElement)).toBe(true);
    expect(requests.map(([name]) => name)).not.toContain("message.delete");
  });

  it("says what the server has against it", async () => {
    const { choose, screen, article } = await shown({
      play() {
        throw new ChatError("forbidden", "Not you.");
      },
    });
    await choose(2, "Delete");
    screen.getByRole("button", { name: "Delete" }).click();
    await settled();
    expect(screen.getByRole("alert").textContent).toContain("Not you.");
    expect(article(2).textContent).toContain("mine");
  });
});

describe("copying", () => {
  function clipboard() {
    const writeText = vi.fn(() => Promise.resolve());
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue({ writeText } as unknown as Clipboard);
    return writeText;
  }

  it("gives the address and the source, and says so", async () => {
    const writeText = clipboard();
    const { choose, article } = await shown({ history: [message(1, { text: "**bold**" })] });
    await choose(1, "Copy link");
    expect(writeText).toHaveBeenLastCalledWith(`${location.origin}/communication?message=m1`);
    expect(article(1).textContent).toContain("Link copied");
    await choose(1, "Copy text");
    expect(writeText).toHaveBeenLastCalledWith("**bold**");
    expect(article(1).textContent).toContain("Text copied");
  });

  it("does without a clipboard of the browser, or says that it cannot", async () => {
    vi.spyOn(navigator, "clipboard", "get").mockReturnValue(undefined as unknown as Clipboard);
    document.execCommand = vi.fn(() => true);
    const { choose, article } = await shown();
    await choose(1, "Copy text");
    expect(document.execCommand).toHaveBeenCalledWith("copy");
    expect(article(1).textContent).toContain("Text copied");
    document.execCommand = vi.fn(() => false);
    await choose(1, "Copy text");
    expect(article(1).textContent).toContain("Your browser did not allow copying.");
  });
});

describe("versions", () => {
  const edited = message(2, { user: alice, text: "now", edited_at: "2026-01-15T11:00:00Z" });

  it("are shown, the newest first", async () => {
    const revisions = vi.fn(() => Promise.resolve([{ text: "before <b>", replaced_at: "2026-01-15T11:00:00Z" }]));
    const { choose, screen, article } = await shown({ history: [edited], rest: { revisions } });
    within(article(2)).getByText("edited");
    await choose(2, "Show versions");
    const dialog = within(screen.getByRole("dialog", { name: "Versions of this message" }));
    expect(dialog.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
      "Nownow",
      expect.stringMatching(/^Until Thursday.*before <b>$/),
    ]);
    dialog.getByRole("button", { name: "Close" }).click();
    await settled();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("that cannot be had are asked for again", async () => {
    const revisions = vi.fn().mockRejectedValueOnce(new ChatError("unavailable", "")).mockResolvedValueOnce([]);
    const { choose, screen } = await shown({ history: [edited], rest: { revisions } });
    await choose(2, "Show versions");
    screen.getByText("The versions could not be loaded.");
    screen.getByRole("button", { name: "Try again" }).click();
    await settled();
    expect(screen.queryByText("The versions could not be loaded.")).toBeNull();
    expect(revisions).toHaveBeenCalledTimes(2);
  });
});

it("pinning marks the message, for those who hear of it, too", async () => {
  const pin = vi.fn((_id: string, on: boolean) => Promise.resolve({ ...theirs, changed_seq: on ? 3 : 4, pinned: on }));
  const { choose, article, listener } = await shown({
    rooms: [room({ can_moderate: true, head_seq: 2 })],
    rest: { pin },
  });
  await choose(1, "Pin to the room");
  expect(pin).toHaveBeenCalledWith("m1", true);
  within(article(1)).getByText("Pinned");
  const event = updated(3, 1, { text: "theirs", pinned: false });
  listener.roomEvents({ room_id: "r1", ...frame(event, { ...event, seq: 4, message: { ...event.message, changed_seq: 4 } }) });
  await settled();
  expect(within(article(1)).queryByText("Pinned")).toBeNull();
});

it("messages of people whom one has muted are collapsed, until one wants to see one", async () => {
  const { article } = await shown({ welcome: { muted: [bob] } });
  expect(article(1).textContent).not.toContain("theirs");
  expect(article(1).textContent).toContain("A message from bob, whom you have muted.");
  within(article(1)).getByRole("button", { name: "Show" }).click();
  await settled();
  expect(article(1).textContent).toContain("theirs");
});

it("a message that is for the reader stands out", async () => {
  const { article } = await shown({
    history: [message(1, { mentions: [alice], text: "@alice" }), message(2, { mentions: [bob] }), message(3, { mentions_room: true })],
  });
  expect([1, 2, 3].map((seq) => article(seq).classList.contains("for-me"))).toEqual([true, false, true]);
});
