/** Changes of a text box that its own undo can take back, as if they had been typed. */

/** The selection afterwards is behind what was put in. */
export function replaceText(box: HTMLTextAreaElement, text: string, start = box.selectionStart, end = box.selectionEnd): void {
  box.focus();
  box.setSelectionRange(start, end);
  // Deprecated, and still the only way into the box's own undo.
  if (document.execCommand?.("insertText", false, text)) return;
  box.setRangeText(text, start, end, "end");
  box.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
}

/** Puts a block on lines of its own. Returns where in the text it begins and ends. */
export function insertBlock(box: HTMLTextAreaElement, block: string): { start: number; end: number } {
  const { value, selectionStart, selectionEnd } = box;
  const before = selectionStart === 0 || value[selectionStart - 1] === "\n" ? "" : "\n";
  const after = value[selectionEnd] === "\n" ? "" : "\n";
  replaceText(box, before + block + after);
  return { start: selectionStart, end: selectionStart + before.length + block.length + after.length };
}

/** As high as its text; the style sheet says up to where. */
export function fit(box: HTMLTextAreaElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
