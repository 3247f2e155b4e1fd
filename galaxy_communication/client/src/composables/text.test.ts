import { beforeAll, describe, expect, it } from "vitest";

import { alice, bob, message, room } from "../../tests/samples";
import { findEmoji, loadEmojiWords } from "./emoji";
import { firstLine } from "./firstLine";
import { mentionOptions, recentAuthors, unfinishedMention } from "./mentionOptions";
import { linked, permalink } from "./permalink";

it.each([
  ["one\ntwo", "one"],
  ["\n\n## Heading\ntext", "Heading"],
  ["> - 1. quoted", "quoted"],
  ["```python\nimport os\n```", "import os"],
  ["**bold** and `code`, 2*3", "bold and code, 2*3"],
  ["```", "```"],
])("the first line of %j is %j", (source, expected) => {
  expect(firstLine(source)).toBe(expected);
});

describe("the address of a message", () => {
  it("leads back to it, under every prefix", () => {
    const address = permalink("/galaxy/", "a&b");
    expect(address).toBe(`${location.origin}/galaxy/communication?message=a%26b`);
    expect(linked(address, "/galaxy/")).toEqual({ messageId: "a&b", roomId: null });
    expect(linked("/galaxy/communication?room=r1", "/galaxy/")).toEqual({ messageId: null, roomId: "r1" });
  });

  it.each([
    "https://elsewhere.org/galaxy/communication?message=m1",
    "/communication?message=m1",
    "/galaxy/communication/admin?message=m1",
    "/galaxy/communication",
  ])("is not %s", (address) => {
    expect(linked(address, "/galaxy/")).toBeNull();
  });
});

describe("emoji", () => {
  beforeAll(loadEmojiWords);

  const found = (wanted: string) => findEmoji(wanted).map(({ emoji }) => emoji);

  it("are all offered at first, and are found by the beginning of any of their words", () => {
    expect(found("").length).toBeGreaterThan(35);
    expect(found("").length).toBeLessThan(50);
    expect(found("Thumbs")).toEqual(["👍", "👎"]);
    expect(found("done")).toContain("✅");
    expect(found("mark")).toContain("❓");
    expect(found("quagga")).toEqual([]);
    expect(findEmoji("thumbs up")).toEqual([{ emoji: "👍", name: "thumbs up" }]);
  });

  it("that are not offered are found by their names at GitHub, after those that are; a whole word comes first", () => {
    expect(found("zebra")).toEqual(["🦓"]);
    expect(found("tada")[0]).toBe("🎉");
    expect(found("rock").slice(0, 3)).toEqual(["🪨", "🎸", "🚀"]);
    expect(found("a")).toHaveLength(70);
  });

  it("that have no name here can be typed", () => {
    expect(found("🦓")).toEqual(["🦓"]);
    expect(found("👩‍🔬")).toEqual(["👩‍🔬"]);
    expect(found("🇩🇪")).toEqual(["🇩🇪"]);
    expect(found("🦓🦓x")).toEqual([]);
  });
});

describe("an unfinished mention", () => {
  it.each([
    ["@", { start: 0, query: "" }],
    ["hello @Bo.b-x_", { start: 6, query: "bo.b-x_" }],
    ["(@a", { start: 1, query: "a" }],
    ["a@b", null],
    ["@@b", null],
    ["@bob ", null],
    ["é@b", null],
  ])("in %j is %j", (text, expected) => {
    expect(unfinishedMention(text)).toEqual(expected);
  });
});

describe("who may be meant", () => {
  const carol = { ...bob, id: "c3", username: "carol" };
  const bobby = { ...bob, id: "b9", username: "bobby" };
  const nameless = { ...bob, id: "n", username: null };
  const names = (name: string, people = [carol, bobby, bob, carol, nameless], where = room()) =>
    mentionOptions(name, people, where, 50).map((option) => option.name);

  it("begins so; a name in full comes first, and nobody twice", () => {
    expect(names("b")).toEqual(["bobby", "bob"]);
    expect(names("bob")).toEqual(["bob", "bobby"]);
    expect(names("x")).toEqual([]);
  });

  it("may be everybody, where the room is small or one looks after it", () => {
    expect(names("")).toEqual(["carol", "bobby", "bob", "room"]);
    expect(names("ro")).toEqual(["room"]);
    expect(names("ro", [], room({ member_count: 51 }))).toEqual([]);
    expect(names("ro", [], room({ member_count: 51, can_moderate: true }))).toEqual(["room"]);
    const many = Array.from({ length: 20 }, (_, number) => ({ ...bob, id: `u${number}`, username: `user${number}` }));
    expect(names("", many)).toHaveLength(8);
    expect(names("", many).at(-1)).toBe("room");
  });

  it("are, without asking, those who wrote last", () => {
    const messages = [message(1), message(2, { user: carol }), message(3, { user: alice }), message(4)];
    expect(recentAuthors(messages, alice.id)).toEqual([bob, carol]);
  });
});
