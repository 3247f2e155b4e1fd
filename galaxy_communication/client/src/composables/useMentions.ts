/** Completes names in a text box: an ARIA combobox while there is something to choose, a plain text box else. */
import { computed, nextTick, ref, shallowRef, useId, type Ref } from "vue";

import type { User } from "../api/wire";
import type { RoomEntry } from "../stores/rooms";
import { mentionOptions, recentAuthors, unfinishedMention, type MentionOption } from "./mentionOptions";
import { useChat } from "./useChat";
import { useDebounced } from "./useDebounced";

export function useMentions(entry: () => RoomEntry, box: Ref<HTMLTextAreaElement | null>, text: Ref<string>) {
  const { chat } = useChat();
  const listId = useId();
  const mention = shallowRef<{ start: number; name: string } | null>(null);
  const members = shallowRef<User[]>([]);
  const active = ref(0);
  /** Where one has said that one wants no list. */
  let dismissed: number | null = null;

  const options = computed(() => {
    if (!mention.value) return [];
    const { room, log } = entry();
    const known = recentAuthors(log.messages, chat.state.me?.id);
    const others = members.value.filter(({ id }) => id !== chat.state.me?.id);
    return mentionOptions(mention.value.name, [...known, ...others], room);
  });
  const isOpen = computed(() => options.value.length > 0);
  /** What is known from the messages is offered at once; those who have not written lately, the server knows. */
  const search = useDebounced(
    (name) => chat.findMembers(entry(), name),
    (page) => (members.value = page),
    () => (members.value = []),
  );

  /** After each change of the text and of the place in it. */
  function look(): void {
    const { value: element } = box;
    if (!element || entry().room.kind === "direct" || element.selectionStart !== element.selectionEnd) return close();
    const found = unfinishedMention(element.value.slice(0, element.selectionStart));
    if (!found) dismissed = null;
    if (!found || found.start === dismissed) return close();
    if (found.name === mention.value?.name && found.start === mention.value.start) return;
    mention.value = found;
    active.value = 0;
    search.soon(found.name);
  }

  function close(): void {
    search.stop();
    mention.value = null;
  }

  async function choose(option: MentionOption | undefined): Promise<void> {
    const { value: element } = box;
    if (!option || !mention.value || !element) return;
    const { start } = mention.value;
    const rest = element.value.slice(element.selectionStart);
    const space = /^([\p{L}\p{N}]|$)/u.test(rest) ? " " : "";
    const before = `${element.value.slice(0, start)}@${option.name}${space}`;
    close();
    text.value = before + rest;
    await nextTick();
    element.focus();
    element.setSelectionRange(before.length, before.length);
  }

  /** Whether the key was meant for the list. */
  function key(event: KeyboardEvent): boolean {
    if (!isOpen.value) return false;
    const option = options.value[active.value];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) active.value = (active.value + step + options.value.length) % options.value.length;
    else if (event.key === "Escape") dismiss();
    else if (isChoice(event, option)) void choose(option);
    else return false;
    return true;
  }

  function dismiss(): void {
    dismissed = mention.value?.start ?? null;
    close();
  }

  function isChoice({ key: name, shiftKey }: KeyboardEvent, option: MentionOption | undefined): boolean {
    if (shiftKey) return false;
    return name === "Tab" || (name === "Enter" && !isWritten(option));
  }

  /** Then there is nothing to complete, and Enter means what it always means. */
  function isWritten(option: MentionOption | undefined): boolean {
    return option?.name.toLowerCase() === mention.value?.name;
  }

  const attributes = computed(() => {
    if (!isOpen.value) return {};
    return {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "true",
      "aria-controls": listId,
      "aria-activedescendant": `${listId}-${active.value}`,
    } as const;
  });

  return { options, active, isOpen, listId, attributes, look, close, key, choose };
}
