import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp, h } from "vue";

import type { ListPage } from "../api/adminRest";
import { useList, type List } from "./useList";

interface Item {
  id: string;
}

/** Answers when the test says so, newest first. */
class Server {
  readonly asked: [ListPage, string][] = [];
  private readonly waiting: ((items: Item[] | null) => void)[] = [];

  ask = (page: ListPage, query: string): Promise<Item[]> => {
    this.asked.push([page, query]);
    return new Promise((resolve, reject) => this.waiting.push((items) => (items ? resolve(items) : reject(new Error("gone")))));
  };

  async answer(items: Item[] | null, which = 0): Promise<void> {
    this.waiting.splice(which, 1)[0]?.(items);
    await vi.waitFor(() => Promise.resolve());
  }
}

const items = (from: number, count: number): Item[] => Array.from({ length: count }, (_, place) => ({ id: String(from - place) }));
const ids = (list: List<Item>): string[] => list.items.value.map(({ id }) => id);

function shown(server: Server): List<Item> {
  let list: List<Item> | undefined;
  const app = createApp({
    setup() {
      list = useList<Item>(server.ask, ({ id }) => id);
      return () => h("p");
    },
  });
  app.mount(document.createElement("div"));
  return list as List<Item>;
}

afterEach(() => void vi.useRealTimers());

describe("a long list", () => {
  it("comes in pages, each after the last one of the page before", async () => {
    const server = new Server();
    const list = shown(server);
    await server.answer(items(100, 50));
    expect(list.hasMore.value).toBe(true);
    void list.more();
    expect(server.asked.at(-1)).toEqual([{ limit: 50, before: "51" }, ""]);
    await server.answer(items(50, 3));
    await vi.waitFor(() => expect(ids(list)).toEqual([...items(100, 50), ...items(50, 3)].map(({ id }) => id)));
    expect(list.hasMore.value).toBe(false);
  });

  it("asks once somebody stops typing, and drops what comes too late", async () => {
    const server = new Server();
    const list = shown(server);
    vi.useFakeTimers();
    list.query.value = "b";
    list.search();
    list.query.value = "bo ";
    list.search();
    await vi.runAllTimersAsync();
    expect(server.asked.map(([, query]) => query)).toEqual(["", "bo"]);
    await server.answer([{ id: "new" }], 1);
    await server.answer([{ id: "old" }]);
    expect(ids(list)).toEqual(["new"]);
    expect(list.state.value).toBe("loaded");
  });

  it("forgets a page that was asked for before another search", async () => {
    const server = new Server();
    const list = shown(server);
    await server.answer(items(100, 50));
    void list.more();
    list.query.value = "x";
    void list.load();
    await server.answer([{ id: "x" }], 1);
    await server.answer(items(50, 50));
    expect(ids(list)).toEqual(["x"]);
  });

  it("keeps what it has when more does not come, and says so", async () => {
    const server = new Server();
    const list = shown(server);
    await server.answer(items(100, 50));
    void list.more();
    await server.answer(null);
    await vi.waitFor(() => expect(list.state.value).toBe("failed"));
    expect(ids(list)).toHaveLength(50);
  });
});
