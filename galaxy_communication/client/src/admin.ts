/**
 * For administrators: the entry of the chat in Galaxy's admin panel and in the side panel of the same name. Galaxy makes both
 * anew whenever they are shown.
 */
import { inGalaxysLanguage } from "./language";
import { admin as languages } from "./locales/admin";

/** On a link in an entry of ours. */
const OURS = "communication admin link";
const texts = inGalaxysLanguage(languages);
/** This script is in `communication/static` below Galaxy's root. */
const address = new URL(/* @vite-ignore */ "../admin", import.meta.url).pathname;

/** Both stand beside Galaxy's entry for its users, and look like it. */
function add(): void {
  const inPanel = document.querySelector<HTMLAnchorElement>('#center li a[href$="/admin/users"]');
  const inSidePanel = document.querySelector<HTMLAnchorElement>("a#admin-link-users");
  addBeside(inPanel?.closest("li"), (entry, link) => {
    link.textContent = texts.title;
    entry.replaceChildren(link.parentElement ?? link, ` - ${texts.text}`);
  });
  addBeside(inSidePanel?.parentElement, (_entry, link) => {
    link.id = "admin-link-communication";
    const name = link.querySelector(".name");
    if (name) name.textContent = texts.title;
  });
}

function addBeside(theirs: Element | null | undefined, fill: (entry: Element, link: HTMLAnchorElement) => void): void {
  if (!theirs || theirs.parentElement?.querySelector(`[data-description="${OURS}"]`)) return;
  // With the attributes by which Galaxy's styles find its elements.
  const entry = theirs.cloneNode(true) as Element;
  const link = entry.querySelector("a");
  if (!link) return;
  link.dataset.description = OURS;
  link.href = address;
  link.target = "galaxy_main"; // Galaxy's centre
  link.title = texts.text;
  fill(entry, link);
  theirs.after(entry);
}

let isAsked = false;

/** Once for all that changes before the next picture. */
function addSoon(): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    add();
  });
}

new MutationObserver(addSoon).observe(document.body, { childList: true, subtree: true });
add();
