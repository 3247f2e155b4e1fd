/** Ctrl+Shift+F, or Cmd+Shift+F: the browser keeps the plain one for its own search. */
export function isSearchShortcut({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return (ctrlKey || metaKey) && shiftKey && !altKey && key.toLowerCase() === "f";
}
