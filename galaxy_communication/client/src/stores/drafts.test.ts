import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { deleteDB, openDB } from "idb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { eventually } from "../../tests/eventually";
import { alice, bob, draft } from "../../tests/samples";
import { openDrafts, type Drafts } from "./drafts";

let opened: Drafts[];
let discarded: string[];

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  opened = [];
  discarded = [];
});

afterEach(() => {
  for (const drafts of opened) drafts.close();
  vi.unstubAllGlobals();
});

/** Each as another tab would open them. */
function open(root = "/", patience?: number): Drafts {
  const drafts = openDrafts(root, (clientId) => discarded.push(clientId), patience);
  opened.push(drafts);
  return drafts;
}

const ids = async (drafts: Drafts, userId = alice.id): Promise<string[]> =>
  (await drafts.load(userId)).map(({ clientId }) => clientId);

it("outlive the tab, as they were", async () => {
  const mine = draft("a", { failure: { code: "archived", message: "" } });
  open().put(mine);
  expect(await open().load(alice.id)).toEqual([mine]);
});

it("belong to one user of one Galaxy", async () => {
  const drafts = open("/a/");
  drafts.put(draft("a"));
  drafts.put(draft("b", { userId: bob.id }));
  expect(await ids(drafts)).toEqual(["a"]);
  expect(await ids(drafts, bob.id)).toEqual(["b"]);
  expect(await ids(open("/b/"))).toEqual([]);
});

it("are changed in the order of the calls", async () => {
  const drafts = open();
  drafts.put(draft("a"));
  drafts.put(draft("b"));
  drafts.put(draft("b", { text: "changed" }));
  drafts.remove("a");
  expect(await drafts.load(alice.id)).toMatchObject([{ clientId: "b", text: "changed" }]);
});

it("tell the other tabs what is discarded, when it is gone", async () => {
  const [here, there] = [open(), open()];
  open("/elsewhere/");
  here.put(draft("a"));
  expect(await ids(there)).toEqual(["a"]);
  here.discard("a");
  await eventually(() => expect(discarded).toEqual(["a"]));
  expect(await ids(there)).toEqual([]);
});

it("make way for a later version, and are not kept beside it", async () => {
  const drafts = open();
  drafts.put(draft("a"));
  expect(await ids(drafts)).toEqual(["a"]);
  const later = await openDB("galaxy-communication /", 2);
  drafts.put(draft("b"));
  expect(await ids(drafts)).toEqual([]);
  later.close();
});

it("can be deleted by the user, and are kept again afterwards", async () => {
  const drafts = open();
  drafts.put(draft("a"));
  expect(await ids(drafts)).toEqual(["a"]);
  await deleteDB("galaxy-communication /");
  drafts.put(draft("b"));
  expect(await ids(drafts)).toEqual(["b"]);
});

it.each([
  ["is missing", undefined],
  ["is forbidden", { open: () => { throw new DOMException("", "SecurityError"); } }],
  ["never answers", { open: () => new IDBOpenDBRequest() }],
])("are nobody's trouble where storage %s", async (_case, storage) => {
  vi.stubGlobal("indexedDB", storage);
  const drafts = open("/", 10);
  drafts.put(draft("a"));
  drafts.remove("a");
  drafts.discard("a");
  expect(await ids(drafts)).toEqual([]);
});

it("are nobody's trouble where the disk is full", async () => {
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("", "QuotaExceededError");
  });
  const drafts = open();
  drafts.put(draft("a"));
  expect(await ids(drafts)).toEqual([]);
});
