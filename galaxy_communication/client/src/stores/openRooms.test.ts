import { beforeEach, describe, expect, it, vi } from "vitest";

import { room } from "../../tests/samples";
import { createOpenRooms, openRooms } from "./openRooms";
import { putRoom, type RoomEntry } from "./rooms";
import { rememberedTabs, rememberFor } from "./session";
import { createState, type ChatState } from "./state";

let state: ChatState;
const show = vi.fn((entry: RoomEntry) => void (state.currentId = entry.room.id));

beforeEach(() => {
  sessionStorage.clear();
  show.mockClear();
  state = createState();
  for (const id of ["a", "b", "c"]) putRoom(state.rooms, room({ id, name: id }));
});

const names = (): string[] => openRooms(state).map(({ room: { name } }) => name);

function entry(id: string): RoomEntry {
  const found = state.rooms.get(id);
  if (!found) throw new Error(`there is no room ${id}`);
  return found;
}

function opened(...ids: string[]) {
  const tabs = createOpenRooms(state, show);
  for (const id of ids) tabs.add(entry(id));
  state.currentId = ids.at(-1) ?? null;
  return tabs;
}

describe("the tabs", () => {
  it("stand in the order in which rooms were opened, each once, and outlive a reload", () => {
    opened("b", "a", "b");
    expect(names()).toEqual(["b", "a"]);
    state = createState();
    for (const id of ["a", "b"]) putRoom(state.rooms, room({ id, name: id }));
    createOpenRooms(state, show).restore();
    expect(names()).toEqual(["b", "a"]);
  });

  it("lose the rooms that are there no more", () => {
    const tabs = opened("a", "b");
    state.rooms.delete("a");
    tabs.restore();
    expect(names()).toEqual(["b"]);
    expect(rememberedTabs.get()).toEqual(["b"]);
  });

  it("are nobody else's", () => {
    rememberFor("ada");
    opened("a", "b");
    rememberFor("ben");
    expect(rememberedTabs.get()).toEqual([]);
  });
});

describe("closing", () => {
  it("of the open room shows the one behind, or the one before", () => {
    const { actions } = opened("a", "b", "c");
    state.currentId = "b";
    actions.closeTab(entry("b"));
    expect([names(), state.currentId]).toEqual([["a", "c"], "c"]);
    actions.closeTab(entry("c"));
    expect([names(), state.currentId]).toEqual([["a"], "a"]);
  });

  it("of another room leaves the open one", () => {
    opened("a", "b").actions.closeTab(entry("a"));
    expect([names(), state.currentId]).toEqual([["b"], "b"]);
    expect(show).not.toHaveBeenCalled();
  });

  it("does not take the last one", () => {
    opened("a").actions.closeTab(entry("a"));
    expect(names()).toEqual(["a"]);
  });

  it("of all others leaves one", () => {
    opened("a", "b", "c").actions.closeOtherTabs(entry("b"));
    expect([names(), state.currentId]).toEqual([["b"], "b"]);
  });
});
