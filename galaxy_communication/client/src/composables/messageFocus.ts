/** Arrows, Home and End go from message to message. */
import { messageInSight } from "./regions";

const LOG = '[role="log"]';

/** @returns whether that was the key's meaning. */
export function moveAmongMessages(event: KeyboardEvent, from: HTMLElement): boolean {
  const list = from.closest<HTMLElement>(LOG);
  if (!list || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
  if (event.key === "Home") void goToEnd(list, 0);
  else if (event.key === "End") void goToEnd(list, list.scrollHeight);
  else {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const all = messagesIn(list);
    const target = step === undefined ? undefined : all[all.indexOf(from) + step];
    target?.focus();
    return target !== undefined;
  }
  return true;
}

/** From the list itself, the keys lead into it. */
export function enterMessages(event: KeyboardEvent): void {
  const list = event.currentTarget as HTMLElement;
  const first = messageInSight(list);
  if (!first || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (["ArrowUp", "ArrowDown", "Enter"].includes(event.key)) first.focus();
  else if (!moveAmongMessages(event, first)) return;
  event.preventDefault();
}

/** The list may render what is there only when one has come there. */
async function goToEnd(list: HTMLElement, top: number): Promise<void> {
  list.scrollTop = top;
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  messagesIn(list).at(top === 0 ? 0 : -1)?.focus();
}

function messagesIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("article")];
}
