import { beforeEach, describe, expect, it, vi } from "vitest";

import { rememberedDrafts, rememberFor } from "./session";

beforeEach(() => {
  sessionStorage.clear();
  rememberFor("alice");
});

describe("what is typed and not sent", () => {
  it("is remembered for each room, until it is sent", () => {
    rememberedDrafts.set("r1", "one");
    rememberedDrafts.set("r2", "two");
    rememberedDrafts.set("r1", "one more");
    rememberFor("alice");
    expect([rememberedDrafts.get("r1"), rememberedDrafts.get("r2")]).toEqual(["one more", "two"]);
    rememberedDrafts.set("r1", "");
    expect([rememberedDrafts.get("r1"), rememberedDrafts.get("r2")]).toEqual(["", "two"]);
  });

  it("is nobody else's", () => {
    rememberedDrafts.set("r1", "one");
    rememberFor("bob");
    rememberFor("alice");
    expect(rememberedDrafts.get("r1")).toBe("");
  });

  it("is bounded: the newest stay, and what is too long is not kept", () => {
    for (let number = 0; number < 60; number += 1) rememberedDrafts.set(`r${number}`, "x");
    expect([rememberedDrafts.get("r9"), rememberedDrafts.get("r10")]).toEqual(["", "x"]);
    rememberedDrafts.set("long", "x".repeat(99_990));
    expect(rememberedDrafts.get("long")).toHaveLength(99_990);
    expect([rememberedDrafts.get("r59"), rememberedDrafts.get("r40")]).toEqual(["x", ""]);
    rememberedDrafts.set("long", "x".repeat(100_001));
    expect([rememberedDrafts.get("long"), rememberedDrafts.get("r59")]).toEqual(["", "x"]);
  });

  it("is nobody's trouble where it cannot be kept, or is not what it was", () => {
    sessionStorage.setItem("galaxy-communication-drafts", "{nonsense");
    expect(rememberedDrafts.get("r1")).toBe("");
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("", "QuotaExceededError");
    });
    rememberedDrafts.set("r1", "one");
  });
});
