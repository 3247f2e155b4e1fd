import { within } from "@testing-library/dom";
import { beforeEach, expect, it, vi } from "vitest";

import { ChatError } from "../api/errors";
import { alice, bob, frame, message, updated } from "../../tests/samples";
import { render, settled, type Options } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const question = message(1, { text: "## Why?\nreally" });
const answer = message(2, { user: alice, reply_to: "m1" });

async function shown(options: Options) {
  const rendered = await render(options);
  const jump = vi.fn();
  Object.assign(rendered.chat, { jumpToMessage: jump });
  const [quote] = rendered.anchors("message quote");
  if (!quote) throw new Error("there is no quote");
  return { ...rendered, jump, quote, quotes: () => rendered.anchors("message quote").map(({ textContent }) => textContent?.trim()) };
}

it("an answer shows what it answers, in one line that leads there", async () => {
  const { quote, jump } = await shown({ history: [question, answer] });
  expect(quote.textContent).toBe("In answer to bobWhy?");
  quote.click();
  expect(jump).toHaveBeenCalledWith(question);
});

it("what is further up is fetched, once for all its answers", async () => {
  const ask = vi.fn(() => Promise.resolve(question));
  const { quotes, quote, jump } = await shown({ history: [answer, message(3, { reply_to: "m1" })], rest: { message: ask } });
  expect(quotes()).toEqual(["In answer to bobWhy?", "In answer to bobWhy?"]);
  expect(ask).toHaveBeenCalledTimes(1);
  quote.click();
  expect(jump).toHaveBeenCalledWith(question);
});

it("follows what becomes of it", async () => {
  const { listener, quotes } = await shown({ history: [question, answer] });
  const event = updated(3, 1, { text: "changed" });
  listener.roomEvents({ room_id: "r1", ...frame({ ...event, seq: 1 }) });
  await settled();
  expect(quotes()).toEqual(["In answer to bobchanged"]);
  const deleted = updated(4, 1, { text: "", deleted: true });
  listener.roomEvents({ room_id: "r1", ...frame({ ...deleted, seq: 2 }) });
  await settled();
  expect(quotes()).toEqual(["In answer to bobThis message was deleted."]);
});

it("follows what becomes of what was fetched, too", async () => {
  const old = message(1, { text: "old" });
  const { chat, listener, quotes } = await shown({ history: [answer], rest: { message: () => Promise.resolve(old) } });
  expect(quotes()).toEqual(["In answer to bobold"]);
  const event = { ...updated(4, 1, { text: "changed" }), seq: 1 };
  listener.roomEvents({ room_id: "r1", ...frame(event) });
  await settled();
  expect(chat.quotes.get("m1")?.message?.text).toBe("changed");
  expect(quotes()).toEqual(["In answer to bobchanged"]);
});

it("what is not to be had is said to be so", async () => {
  const { quote } = await shown({ history: [answer], rest: { message: () => Promise.reject(new ChatError("not_found", "")) } });
  expect([quote.tagName, quote.textContent?.trim()]).toEqual(["P", "This message is not available."]);
});

it("what the connection was lost for is fetched when it is back", async () => {
  const ask = vi.fn().mockRejectedValueOnce(new ChatError("disconnected", "")).mockResolvedValueOnce(question);
  const { listener, quotes } = await shown({ history: [answer], rest: { message: ask } });
  expect(quotes()).toEqual(["This message is not available."]);
  listener.state("connecting");
  await settled();
  listener.state("connected");
  await settled();
  expect(quotes()).toEqual(["In answer to bobWhy?"]);
});

it("does not repeat what one does not want to read", async () => {
  const { quotes } = await shown({ history: [question, answer], welcome: { muted: [bob] } });
  expect(quotes()).toEqual(["In answer to bobFrom a person whom you have muted."]);
});

it("is there while the answer is on its way, too", async () => {
  const { chat, anchors, requests } = await render({ history: [question], play: () => new Promise(() => undefined) });
  const entry = chat.state.rooms.get("r1");
  if (!entry) throw new Error("no room");
  chat.reply(entry, question);
  chat.send(entry, "because");
  await settled();
  expect(requests).toContainEqual(["message.send", expect.objectContaining({ text: "because", reply_to: "m1" })]);
  expect(within(anchors("message")[1] as HTMLElement).getByText("Why?")).not.toBeNull();
});
