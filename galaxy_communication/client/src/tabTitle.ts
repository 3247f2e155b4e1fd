/** How much deserves attention, in the title of the browser tab. */
import { t } from "./i18n";
import { en } from "./locales/en";

/** More is not told apart. */
const MOST = 99;

export interface TabTitle {
  show(unread: number): void;
  /** Leaves the title as it would be without the chat. */
  remove(): void;
}

/**
 * In Galaxy's page the count stands before Galaxy's title, whichever that is by now: each time when Galaxy changes it, it
 * is put behind the count once more. On a page of its own the chat names itself, too.
 */
export function createTabTitle(isPage: boolean): TabTitle {
  let own = "";
  /** What we wrote; null while the title is not ours. */
  let shown: string | null = null;
  let count = 0;
  const observer = new MutationObserver(write);

  /** As the server names the page, not knowing the language. */
  function named(): boolean {
    return own === t("title") || own === en.title;
  }

  function write(): void {
    if (document.title !== shown) own = document.title;
    const title = isPage ? [t("title"), named() ? "" : own].filter(Boolean).join(" · ") : own;
    shown = count > 0 ? `(${count > MOST ? `${MOST}+` : count}) ${title}`.trim() : title;
    if (document.title !== shown) document.title = shown;
  }

  function remove(): void {
    observer.disconnect();
    if (document.title === shown) document.title = own;
    shown = null;
  }

  return {
    show(unread: number): void {
      count = unread;
      if (unread === 0 && !isPage) return remove();
      if (shown === null) observer.observe(document.head, { subtree: true, childList: true, characterData: true });
      write();
    },
    remove,
  };
}
