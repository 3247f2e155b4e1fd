/** Completes words in a text box: a text box of many lines, which may be no ARIA combobox, that points to the list while there is one. */
import { computed, ref, shallowRef, useId, type Ref } from "vue";

import { isInFence, type CompletionOption, type CompletionSource, type Unfinished } from "./completion";
import { replaceText } from "./textBox";

interface Found extends Unfinished {
  source: CompletionSource;
}

export function useCompletion(box: Ref<HTMLTextAreaElement | null>, sources: CompletionSource[]) {
  const listId = useId();
  const found = shallowRef<Found | null>(null);
  const active = ref(0);
  /** The word for which one wants no list, or no more: one has said so, or chosen. */
  let dismissed: { start: number; word: string } | null = null;

  const options = computed(() => found.value?.source.options(found.value.query) ?? []);
  const isOpen = computed(() => options.value.length > 0);
  const title = computed(() => found.value?.source.title() ?? "");

  /** After each change of the text and of the place in it. */
  function look(): void {
    const { value: element } = box;
    if (!element || element.selectionStart !== element.selectionEnd) return close();
    const before = element.value.slice(0, element.selectionStart);
    const next = find(before);
    if (next?.start !== dismissed?.start || !before.slice(dismissed?.start).startsWith(dismissed?.word ?? "")) dismissed = null;
    if (!next || dismissed) return close();
    if (next.query === found.value?.query && next.start === found.value.start) return;
    if (next.source !== found.value?.source) found.value?.source.stop?.();
    found.value = next;
    active.value = 0;
    next.source.ask(next.query);
  }

  function find(before: string): Found | null {
    if (isInFence(before)) return null;
    for (const source of sources) {
      const unfinished = source.find(before);
      if (unfinished) return { ...unfinished, source };
    }
    return null;
  }

  function close(): void {
    found.value?.source.stop?.();
    found.value = null;
  }

  function choose(option: CompletionOption | undefined): void {
    const { value: element } = box;
    if (!option || !found.value || !element) return;
    const { start } = found.value;
    const end = element.selectionStart;
    const space = /^([\p{L}\p{N}]|$)/u.test(element.value.slice(end)) ? " " : "";
    dismissed = { start, word: option.text };
    close();
    replaceText(element, option.text + space, start, end);
  }

  /** Whether the key was meant for the list. */
  function key(event: KeyboardEvent): boolean {
    if (!isOpen.value) return false;
    const option = options.value[active.value];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) active.value = (active.value + step + options.value.length) % options.value.length;
    else if (event.key === "Escape") dismiss();
    else if (isChoice(event, option)) choose(option);
    else return false;
    return true;
  }

  function dismiss(): void {
    const { value: element } = box;
    if (found.value && element) dismissed = { start: found.value.start, word: element.value.slice(found.value.start, element.selectionStart) };
    close();
  }

  function isChoice({ key: name, shiftKey }: KeyboardEvent, option: CompletionOption | undefined): boolean {
    if (shiftKey || !option || !found.value) return false;
    return name === "Tab" || (name === "Enter" && !found.value.source.isWritten(option, found.value.query));
  }

  const attributes = computed(() => {
    if (!isOpen.value) return {};
    return {
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      "aria-controls": listId,
      "aria-activedescendant": `${listId}-${active.value}`,
    } as const;
  });

  return { options, active, isOpen, title, listId, attributes, look, close, key, choose };
}
