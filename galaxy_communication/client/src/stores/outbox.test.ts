import { describe, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { ChatError } from "../api/errors";
import { Outbox, type Draft, type DraftStore } from "./outbox";

function outbox(send: (draft: Draft) => Promise<void>) {
  const store = { load: vi.fn(() => Promise.resolve([])), put: vi.fn(), remove: vi.fn() } satisfies DraftStore;
  return { store, box: new Outbox(send, store) };
}

const states = (box: Outbox): string[] => box.entries.map(({ text, state }) => `${text} ${state}`);

describe("a message on its way", () => {
  it("is shown at once and goes when it is stored", async () => {
    const { box, store } = outbox(() => Promise.resolve());
    box.add("r1", "hello");
    expect(states(box)).toEqual(["hello pending"]);
    await eventually(() => expect(box.entries).toEqual([]));
    expect(store.put).toHaveBeenCalledOnce();
    expect(store.remove).toHaveBeenCalledOnce();
  });

  it("waits out a lost connection and is sent again with the same id", async () => {
    const sent: string[] = [];
    let connected = false;
    const { box } = outbox(({ clientId }) => {
      sent.push(clientId);
      return connected ? Promise.resolve() : Promise.reject(new ChatError("disconnected", ""));
    });
    box.add("r1", "one");
    box.add("r1", "two");
    await eventually(() => expect(sent).toHaveLength(2));
    expect(states(box)).toEqual(["one pending", "two pending"]);
    connected = true;
    box.resend();
    await eventually(() => expect(box.entries).toEqual([]));
    expect(sent.slice(2)).toEqual(sent.slice(0, 2));
  });

  it("that the server refused stays, with the reason, until it is sent again or discarded", async () => {
    const refusal = new ChatError("rate_limited", "Too fast.", 3);
    const sent: string[] = [];
    const { box } = outbox(({ clientId }) => {
      sent.push(clientId);
      return Promise.reject(refusal);
    });
    box.add("r1", "hello");
    await eventually(() => expect(states(box)).toEqual(["hello failed"]));
    expect(box.entries[0]?.error).toEqual(refusal);
    box.resend();
    expect(sent).toHaveLength(1);
    box.retry(sent[0] ?? "");
    expect(states(box)).toEqual(["hello pending"]);
    await eventually(() => expect(states(box)).toEqual(["hello failed"]));
    expect(new Set(sent).size).toBe(1);
    box.remove(sent[0] ?? "");
    expect(box.entries).toEqual([]);
  });
});
