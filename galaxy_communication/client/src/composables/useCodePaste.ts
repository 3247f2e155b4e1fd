/** Makes pasted code a block, and plain again for those who want it so. */
import { ref, type Ref } from "vue";

import { isInFence } from "./completion";
import { fenced, looksLikeCode } from "./pastedCode";
import { insertBlock, replaceText } from "./textBox";

export function useCodePaste(box: Ref<HTMLTextAreaElement | null>) {
  /** The paste that one can still have plain: what was pasted, and what has become of it. */
  const pasted = ref<{ plain: string; block: string } | null>(null);
  let asksForPlain = false;

  /** Ctrl+Shift+V pastes plain everywhere; the paste itself does not tell how it came. */
  function key({ ctrlKey, metaKey, shiftKey, key: name }: KeyboardEvent): void {
    asksForPlain = (ctrlKey || metaKey) && shiftKey && name.toLowerCase() === "v";
  }

  function paste(event: ClipboardEvent): void {
    const { value: element } = box;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const isPlain = asksForPlain;
    asksForPlain = false;
    pasted.value = null;
    if (!element || isPlain || !looksLikeCode(text) || isInFence(element.value.slice(0, element.selectionStart))) return;
    event.preventDefault();
    const plain = text.replace(/\r\n?/g, "\n");
    const { selectionStart: start } = element;
    replaceText(element, plain); // a step of its own, so that undo leads here first
    element.setSelectionRange(start, start + plain.length);
    const place = insertBlock(element, fenced(plain));
    pasted.value = { plain, block: element.value.slice(place.start, place.end) };
  }

  function makePlain(): void {
    const { value: element } = box;
    if (!element || !pasted.value) return;
    const { plain, block } = pasted.value;
    const start = element.value.lastIndexOf(block);
    pasted.value = null;
    if (start >= 0) replaceText(element, plain, start, start + block.length);
  }

  /** After each change: once the block has been changed, there is nothing to take back. */
  function look(): void {
    if (pasted.value && !box.value?.value.includes(pasted.value.block)) pasted.value = null;
  }

  return { pasted, key, paste, makePlain, look };
}
