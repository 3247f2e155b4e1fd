/** The chat bundle. Loading it defines `<galaxy-communication>`; `mount` puts one into Galaxy's page. */
import type { Status } from "./api/wire";
import { createDock } from "./dock";
import { type ChatElement, define, TAG } from "./element";
import { speakFor } from "./languages";
import { rememberedOpen } from "./stores/session";

/**
 * Before anything is shown, so that no text changes under one's eyes. This module does not wait for it: what it shares with
 * others would then be files of their own.
 */
const ready = speakFor(null).then(define);

export interface MountOptions {
  /** Galaxy's root, with a slash at its end. */
  root: string;
  status: Status;
  onUnread: (unread: number) => void;
  onOpen: (open: boolean) => void;
  /** Chat was switched off: the caller should remove everything. */
  onGone: () => void;
}

export interface Mounted {
  toggle(): void;
  /** Shows the panel without taking the focus. */
  show(): void;
  remove(): void;
}

export async function mount({ root, status, onUnread, onOpen, onGone }: MountOptions): Promise<Mounted> {
  await ready;
  if (status.language) await speakFor(status.language);
  const element = document.createElement(TAG) as ChatElement;
  element.setAttribute("root", root);
  element.setAttribute("mode", "docked");
  element.open = false;
  element.status = status;
  const dock = createDock(element);
  element.dock = dock;
  element.addEventListener("unread", (event) => onUnread((event as CustomEvent<number>).detail));
  element.addEventListener("gone", onGone);
  element.addEventListener("close", () => {
    setOpen(false);
    document.querySelector<HTMLElement>("#communication-masthead a")?.focus();
  });
  element.addEventListener("show", () => setOpen(true));
  document.body.append(element);

  function setOpen(open: boolean): void {
    if (open) dock.show();
    else dock.hide();
    element.open = open;
    rememberedOpen.set(open);
    onOpen(open);
  }

  return {
    show: () => setOpen(true),
    toggle() {
      setOpen(!element.open);
      if (element.open) void element.focusComposer();
    },
    remove() {
      dock.hide();
      element.remove();
    },
  };
}
