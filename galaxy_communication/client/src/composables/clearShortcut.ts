/** Ctrl+L, as in the original and in terminals. Cmd+L stays the browser's own. */
export function isClearShortcut({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return ctrlKey && !metaKey && !shiftKey && !altKey && key.toLowerCase() === "l";
}
