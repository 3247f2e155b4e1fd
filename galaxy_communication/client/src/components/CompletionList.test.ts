import { fireEvent } from "@testing-library/dom";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Rest } from "../api/rest";
import type { Member } from "../api/wire";
import { unfinishedEmoji } from "../composables/emojiSource";
import { composer, sent } from "../../tests/composer";
import { eventually } from "../../tests/eventually";
import { settled, type Options } from "../../tests/render";
import { alice, bob, message, room } from "../../tests/samples";

beforeEach(() => sessionStorage.clear());

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
    const { type, names, box, asked, members, screen: shown } = await naming();
    expect(box.getAttribute("aria-controls")).toBeNull();
    await type("hello @b");
    expect(names()).toEqual(["B@bob"]);
    await asked();
    expect(members).toHaveBeenCalledWith("r1", { query: "b", limit: 8 });
    expect(names()).toEqual(["B@bob", "B@bea", "B@benno"]);
    expect(box.getAttribute("aria-controls")).toBe(shown.getByRole("listbox").id);
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
    expect([box.selectionStart, box.getAttribute("aria-controls")]).toEqual([13, null]);
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
    await fireEvent.keyUp(box, { key: "Tab" });
    expect(screen.queryByRole("listbox")).toBeNull();
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

describe("an emoji", () => {
  async function naming(text: string) {
    const shown = await composer();
    await shown.type(text);
    const names = () => shown.screen.queryAllByRole("option").map(({ textContent }) => textContent?.trim());
    return { ...shown, names };
  }

  it("is offered after a colon and two letters, and put in the place of both", async () => {
    const { box, names, press, screen, ...rest } = await naming("well done :clap");
    await eventually(() => expect(names()[0]).toBe("👏clapping hands"));
    screen.getByRole("listbox", { name: "Emoji" });
    expect(await press({})).toBe(false);
    expect([box.value, names(), sent(rest)]).toEqual(["well done 👏 ", [], []]);
    await press({});
    expect(sent(rest)).toMatchObject([["message.send", { text: "well done 👏" }]]);
  });

  it("is found by several words, written with a stroke between them", async () => {
    const { names } = await naming("(:thumbs_d");
    await eventually(() => expect(names()).toEqual(["👎thumbs down"]));
  });

  it("is clicked", async () => {
    const { box, screen } = await naming(":tada");
    await eventually(() => screen.getByRole("option", { name: "party" })).then((option) => option.click());
    await settled();
    expect(box.value).toBe("🎉 ");
  });

  it("is not looked for in code", async () => {
    const { names, type } = await naming("```\nx[ :st");
    await type("```\nx\n```\n:st");
    await eventually(() => expect(names()).toContain("⭐star"));
    await type("```\nx[ :st");
    expect(names()).toEqual([]);
  });
});

describe("an unfinished emoji", () => {
  it.each([
    [":ta", "ta"],
    ["a :Thumbs_up", "thumbs up"],
    [":+1", "+1"],
    [":赞", "赞"],
  ])("in %j is %j", (text, query) => {
    expect(unfinishedEmoji(text)?.query).toBe(query);
  });

  it.each([":)", ":-)", ":D", ":", ":t", "12:30", "http://x", "std::vector", "a:ta", ": ta", ":ta "])("is not in %j", (text) => {
    expect(unfinishedEmoji(text)).toBeNull();
  });
});
