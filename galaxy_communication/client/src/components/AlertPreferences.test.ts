import { within } from "@testing-library/dom";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { TestNotification } from "../../tests/notification";
import { render, renderOffline, settled, type Rendered } from "../../tests/render";
import type { Preferences } from "../api/wire";

const play = vi.hoisted(() => vi.fn(() => Promise.resolve()));
vi.mock("../alerts/tone", () => ({ play, isAudible: () => true }));

let kept: Preferences;
const rest = {
  preferences: () => Promise.resolve(kept),
  mutes: () => Promise.resolve([]),
  setPreferences: (wanted: object) => Promise.resolve((kept = { ...kept, ...wanted })),
};

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  TestNotification.install();
  TestNotification.permission = "default";
  kept = { enabled: true, presence: true, typing: true, notifications: true, sound: false, language: null };
});

afterEach(() => vi.unstubAllGlobals());

async function opened(start: (options: object) => Promise<Rendered> = render) {
  const { screen, chat } = await start({ rest });
  screen.getByRole("button", { name: "Chat preferences" }).click();
  await settled();
  await settled();
  const dialog = within(screen.getByRole("dialog", { name: "Chat preferences" }));
  const desktop = dialog.getByRole<HTMLInputElement>("switch", { name: /Desktop notifications/ });
  const press = async (element: HTMLElement) => {
    element.click();
    await settled();
  };
  return { dialog, desktop, press, chat };
}

it("asks the user for notifications on the click, not before", async () => {
  const ask = vi.spyOn(TestNotification, "requestPermission");
  const { desktop, press, chat } = await opened();
  expect([desktop.checked, ask.mock.calls.length]).toEqual([false, 0]);
  await press(desktop);
  expect([desktop.checked, chat.wishes.desktop.value, ask.mock.calls.length]).toEqual([true, true, 1]);
  await press(desktop);
  expect([desktop.checked, chat.wishes.desktop.value, ask.mock.calls.length]).toEqual([false, false, 1]);
});

it("says what to do when the browser blocks them, and believes it when that was done", async () => {
  TestNotification.answer = "denied";
  const { dialog, desktop, press, chat } = await opened();
  await press(desktop);
  expect([desktop.checked, chat.wishes.desktop.value]).toEqual([false, false]);
  dialog.getByText(/This browser blocks them. Allow notifications/);
  TestNotification.permission = "granted";
  await press(desktop);
  expect(desktop.checked).toBe(true);
  expect(dialog.queryByText(/blocks them/)).toBeNull();
});

it("is off where what was wanted is blocked by now", async () => {
  const { press, desktop, chat } = await opened();
  await press(desktop);
  TestNotification.permission = "denied";
  chat.close();
  const { dialog, desktop: again } = await opened();
  expect(again.checked).toBe(false);
  dialog.getByText(/blocks them/);
});

it.each<[string, () => void, RegExp]>([
  ["by http", () => vi.stubGlobal("isSecureContext", false), /secure address \(https\)/],
  ["in a browser without them", () => vi.stubGlobal("Notification", undefined), /offers none/],
])("cannot be had %s, and says so", async (_where, arrange, words) => {
  arrange();
  const { dialog, desktop } = await opened();
  expect(desktop.disabled).toBe(true);
  dialog.getByText(words);
});

it("needs to know whose it is", async () => {
  const { dialog, desktop } = await opened(renderOffline);
  expect(desktop.disabled).toBe(true);
  dialog.getByText("Go online first.");
});

it("can be tried out", async () => {
  const { dialog, desktop, press } = await opened();
  expect(dialog.queryByRole("button", { name: "Try it out" })).toBeNull();
  await press(desktop);
  const tryOut = dialog.getByRole("button", { name: "Try it out" });
  await press(tryOut);
  expect([TestNotification.all.length, play.mock.calls.length]).toEqual([1, 0]);
  await press(dialog.getByRole("switch", { name: /Play a sound/ }));
  TestNotification.refuses = true;
  await press(tryOut);
  expect([TestNotification.all.length, play.mock.calls.length]).toEqual([1, 1]);
  dialog.getByText(/offers none/);
});
