/** Every key that does something in the chat: the handlers look here, and the sheet that one opens by Ctrl+/ shows it. */
import type { Key } from "../locales/en";
import type { ActionName } from "./messageActions";

/** What the panel does, wherever in it the focus is. */
export type PanelAction = "showShortcuts" | "search" | "nextRegion" | "previousRegion" | "nextRoom" | "previousRoom" | "clear";

export interface Shortcut {
  /**
   * Alternatives, each as "Ctrl+Shift+F", by the names that events have for keys. A Mac's Command counts as Ctrl, not as
   * Control.
   */
  keys: string[];
  text: Key;
  /** Of the whole panel. */
  action?: PanelAction;
  /** Of the message that has the focus: the first of them that it offers. */
  onMessage?: ActionName[];
}

export interface ShortcutSection {
  title: Key;
  shortcuts: Shortcut[];
}

export const shortcutSections: ShortcutSection[] = [
  {
    title: "shortcuts.anywhere",
    shortcuts: [
      { keys: ["Ctrl+/", "?"], text: "shortcuts.title", action: "showShortcuts" },
      { keys: ["Ctrl+Shift+F"], text: "search.title", action: "search" },
      { keys: ["F6"], text: "shortcuts.nextRegion", action: "nextRegion" },
      { keys: ["Shift+F6"], text: "shortcuts.previousRegion", action: "previousRegion" },
      { keys: ["Alt+ArrowDown"], text: "shortcuts.nextRoom", action: "nextRoom" },
      { keys: ["Alt+ArrowUp"], text: "shortcuts.previousRoom", action: "previousRoom" },
      { keys: ["Control+L"], text: "cleared.menu", action: "clear" },
      { keys: ["Escape"], text: "shortcuts.close" },
    ],
  },
  {
    title: "shortcuts.messages",
    shortcuts: [
      { keys: ["ArrowUp", "ArrowDown"], text: "shortcuts.move" },
      { keys: ["Home", "End"], text: "shortcuts.ends" },
      { keys: ["Enter"], text: "message.more" },
      { keys: ["R"], text: "message.reply", onMessage: ["reply"] },
      { keys: ["+"], text: "message.react", onMessage: ["react"] },
      { keys: ["E"], text: "message.edit", onMessage: ["edit"] },
      { keys: ["P"], text: "shortcuts.pin", onMessage: ["pin", "unpin"] },
      { keys: ["U"], text: "message.markUnread", onMessage: ["markUnread"] },
      { keys: ["Delete"], text: "message.delete", onMessage: ["delete"] },
      { keys: ["Escape"], text: "shortcuts.write" },
    ],
  },
  {
    title: "shortcuts.writing",
    shortcuts: [
      { keys: ["Enter"], text: "composer.send" },
      { keys: ["Shift+Enter"], text: "shortcuts.newLine" },
      { keys: ["ArrowUp"], text: "shortcuts.editLast" },
      { keys: ["@"], text: "shortcuts.mention" },
      { keys: ["Escape"], text: "shortcuts.cancel" },
    ],
  },
];

const all = shortcutSections.flatMap(({ shortcuts }) => shortcuts);

/** What the whole panel is asked to do. */
export function panelAction(event: KeyboardEvent): PanelAction | null {
  return all.find(({ action, keys }) => action && keys.some((key) => isPressed(key, event)))?.action ?? null;
}

/** What the message that has the focus is asked to do. */
export function messageActions(event: KeyboardEvent): ActionName[] {
  return all.find(({ onMessage, keys }) => onMessage && keys.some((key) => isPressed(key, event)))?.onMessage ?? [];
}

function isPressed(shortcut: string, event: KeyboardEvent): boolean {
  const [, modifiers = "", key = ""] = /^((?:\w+\+)*)(.+)$/.exec(shortcut) ?? [];
  if (event.key.toLowerCase() !== key.toLowerCase()) return false;
  const wants = (modifier: string): boolean => modifiers.includes(modifier);
  if (wants("Control") && event.metaKey) return false;
  if ((wants("Ctrl") || wants("Control")) !== (event.ctrlKey || event.metaKey) || wants("Alt") !== event.altKey) return false;
  const isSign = key.length === 1 && !/[a-z]/i.test(key); // which needs Shift on some keyboards
  if (!isSign && wants("Shift") !== event.shiftKey) return false;
  return modifiers !== "" || key.length > 1 || !isTyping(event);
}

function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (event.isComposing || !(target instanceof HTMLElement)) return event.isComposing;
  return target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button])");
}
