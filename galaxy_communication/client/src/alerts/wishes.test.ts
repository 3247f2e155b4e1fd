import { afterEach, beforeEach, expect, it } from "vitest";
import { nextTick, ref } from "vue";

import { createPeople } from "../stores/people";
import { createWishes, type Wishes } from "./wishes";

const userId = ref<string | null>(null);
let opened: Wishes[];

beforeEach(() => {
  localStorage.clear();
  userId.value = "a1";
  opened = [];
});

afterEach(() => opened.forEach(({ stop }) => stop()));

function openTab(root = "/") {
  const people = createPeople();
  const wishes = createWishes(root, people, () => userId.value);
  opened.push(wishes);
  return { people, wishes };
}

const otherTabWrote = (key: string, newValue: string) => window.dispatchEvent(new StorageEvent("storage", { key, newValue }));

it("are off at first, and leave no trace", async () => {
  const { wishes, people } = openTab();
  people.state.preferences = { ...people.state.preferences, typing: false };
  await nextTick();
  expect([wishes.desktop.value, wishes.sound.value, localStorage.length]).toEqual([false, false, 0]);
});

it("are kept for one user of one Galaxy in this browser", async () => {
  openTab().wishes.setDesktop(true);
  expect(openTab().wishes.desktop.value).toBe(true);
  expect(openTab("/another/").wishes.desktop.value).toBe(false);
  const { wishes } = openTab();
  userId.value = "b2";
  await nextTick();
  expect(wishes.desktop.value).toBe(false);
  userId.value = null;
  await nextTick();
  expect([wishes.desktop.value, wishes.isKnown.value]).toEqual([false, false]);
});

it("reach the other tabs", async () => {
  const { wishes, people } = openTab();
  people.state.preferences = { ...people.state.preferences, sound: true };
  await nextTick();
  const [key] = Object.keys(localStorage) as [string];
  expect(localStorage.getItem(key)).toBe("1");
  otherTabWrote(key, "0");
  expect(wishes.sound.value).toBe(false);
  otherTabWrote(key.replace("sound", "desktop"), "1");
  expect(wishes.desktop.value).toBe(true);
});
