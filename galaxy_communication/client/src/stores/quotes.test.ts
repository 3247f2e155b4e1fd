import { expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import type { Message } from "../api/wire";
import { eventually } from "../../tests/eventually";
import { message } from "../../tests/samples";
import { createQuotes } from "./quotes";

const noSleep = () => Promise.resolve();

function quotes(answer: (id: string) => Promise<Message>) {
  const ask = vi.fn(answer);
  return { ask, store: createQuotes({ message: ask }, noSleep) };
}

it("a message is asked for once, by however many", async () => {
  const { ask, store } = quotes(() => Promise.resolve(message(1)));
  store.want("m1", 0);
  store.want("m1", 0);
  await eventually(() => expect(store.get("m1")?.message?.text).toBe("text 1"));
  store.want("m1", 0);
  expect(ask).toHaveBeenCalledTimes(1);
});

it("one that is gone is not asked for again, one that could not be fetched is", async () => {
  const gone = quotes(() => Promise.reject(new ChatError("not_found", "")));
  gone.store.want("m1", 0);
  await eventually(() => expect(gone.store.get("m1")?.gone).toBe(true));
  gone.store.want("m1", 0);
  expect(gone.ask).toHaveBeenCalledTimes(1);

  let works = false;
  const cut = quotes(() => (works ? Promise.resolve(message(1)) : Promise.reject(new ChatError("disconnected", ""))));
  cut.store.want("m1", 0);
  await eventually(() => expect(cut.store.get("m1")?.gone).toBe(true));
  works = true;
  cut.store.want("m1", 0);
  await eventually(() => expect(cut.store.get("m1")).toMatchObject({ gone: false, message: { id: "m1" } }));
});

it("a busy server is asked again", async () => {
  let attempts = 0;
  const { store } = quotes(() => (++attempts < 3 ? Promise.reject(new ChatError("overloaded", "")) : Promise.resolve(message(1))));
  store.want("m1", 0);
  await eventually(() => expect(store.get("m1")?.message).not.toBeNull());
  expect(attempts).toBe(3);
});

it("changes are heard, also while it is fetched; others are not kept", async () => {
  let answer: (one: Message) => void = () => undefined;
  const { store } = quotes(() => new Promise((resolve) => (answer = resolve)));
  store.want("m1", 0);
  store.heard([message(1, { changed_seq: 5, text: "newer" }), message(2)]);
  answer(message(1, { changed_seq: 3, text: "older" }));
  await noSleep();
  store.heard([message(1, { changed_seq: 4, text: "old" })]);
  expect([store.get("m1")?.message?.text, store.get("m2")]).toEqual(["newer", undefined]);
});

it("what was known before the log was replaced is asked for anew, and shown meanwhile", async () => {
  const { ask, store } = quotes(() => Promise.resolve(message(1, { changed_seq: ask.mock.calls.length })));
  store.want("m1", 0);
  await eventually(() => expect(store.get("m1")?.message?.changed_seq).toBe(1));
  store.want("m1", 1);
  expect(store.get("m1")?.message?.changed_seq).toBe(1);
  await eventually(() => expect(store.get("m1")?.message?.changed_seq).toBe(2));
});
