/**
 * The entries of the chat in Galaxy's own pages: in the administrators' panel and the side panel of the same name, and the
 * first of a user's preferences. Galaxy makes these pages anew whenever they are shown.
 */
import type { Status } from "./api/wire";
import { faComments } from "./components/icons";
import { inGalaxysLanguage } from "./language";
import { entries as languages } from "./locales/entries";

const { admin, preferences } = inGalaxysLanguage(languages);
/** On a link in an entry of ours. */
const ADMIN = "communication admin link";
/** On the entry. */
const PREFERENCE = "communication preference";

let status: Status | null = null;
let isAsked = false;

/** This script is in `communication/static` below Galaxy's root. */
function address(path: string): string {
  return new URL(/* @vite-ignore */ path, import.meta.url).pathname;
}

function add(): void {
  if (status?.is_admin) addForAdmins();
  if (status?.enabled) addPreference();
}

/** Both stand beside Galaxy's entry for its users, and look like it. */
function addForAdmins(): void {
  const inPanel = document.querySelector<HTMLAnchorElement>('#center li a[href$="/admin/users"]');
  const inSidePanel = document.querySelector<HTMLAnchorElement>("a#admin-link-users");
  addBeside(inPanel?.closest("li"), (entry, link) => {
    link.textContent = admin.title;
    entry.replaceChildren(link.parentElement ?? link, ` - ${admin.text}`);
  });
  addBeside(inSidePanel?.parentElement, (_entry, link) => {
    link.id = "admin-link-communication";
    const name = link.querySelector(".name");
    if (name) name.textContent = admin.title;
  });
}

function addBeside(theirs: Element | null | undefined, fill: (entry: Element, link: HTMLAnchorElement) => void): void {
  if (!theirs || theirs.parentElement?.querySelector(`[data-description="${ADMIN}"]`)) return;
  // With the attributes by which Galaxy's styles find its elements.
  const entry = theirs.cloneNode(true) as Element;
  const link = entry.querySelector("a");
  if (!link) return;
  link.dataset.description = ADMIN;
  link.href = address("../admin");
  link.target = "galaxy_main"; // Galaxy's centre
  link.title = admin.text;
  fill(entry, link);
  theirs.after(entry);
}

/** Before Galaxy's first one, and like it: a card, or up to Galaxy 25.0 a row. */
function addPreference(): void {
  if (document.querySelector(`[data-description="${PREFERENCE}"]`)) return;
  const card = document.querySelector("#center #g-card-edit-preferences-information");
  if (card) card.before(cardLike(card));
  const row = document.querySelector("#center a#edit-preferences-information")?.closest(".row");
  if (row) row.before(rowLike(row));
}

function cardLike(theirs: Element): Element {
  const link = leading(document.createElement("a"));
  for (const { name, value } of theirs.attributes) if (/^(class|data-v-.*)$/.test(name)) link.setAttribute(name, value);
  link.style.cssText = "color:inherit;text-decoration:none";
  link.append(...renamed(theirs).childNodes);
  const title = link.querySelector("h1");
  title?.replaceChildren(iconLike(title.querySelector("svg")), ` ${preferences.title}`);
  const text = link.querySelector(".g-card-description p") ?? link.querySelector(".g-card-description");
  if (text) text.textContent = preferences.text;
  return link;
}

function rowLike(theirs: Element): Element {
  const row = renamed(theirs);
  const link = row.querySelector("a");
  if (link) (leading(link).querySelector("b") ?? link).textContent = preferences.title;
  row.querySelector(".fa-user")?.classList.replace("fa-user", "fa-comments");
  const text = row.querySelector(".form-text");
  if (text) text.textContent = preferences.text;
  return row;
}

/** A copy whose ids are its own. */
function renamed(theirs: Element): Element {
  const ours = theirs.cloneNode(true) as Element;
  for (const one of ours.querySelectorAll("[id]")) one.id = one.id.replace("information", "communication");
  return ours;
}

function leading(link: HTMLAnchorElement): HTMLAnchorElement {
  link.dataset.description = PREFERENCE;
  link.href = address("../preferences");
  link.target = "galaxy_main";
  return link;
}

function iconLike(theirs: SVGElement | null): SVGElement | string {
  const [width, height, , , path] = faComments.icon;
  theirs?.setAttribute("viewBox", `0 0 ${width} ${height}`);
  theirs?.querySelector("path")?.setAttribute("d", String(path));
  return theirs ?? "";
}

function removePreference(): void {
  const link = document.querySelector(`[data-description="${PREFERENCE}"]`);
  (link?.closest(".row") ?? link)?.remove();
}

/** Once for all that changes before the next picture. */
function addSoon(): void {
  if (isAsked) return;
  isAsked = true;
  requestAnimationFrame(() => {
    isAsked = false;
    add();
  });
}

/**
 * What there is to show now.
 *
 * @param ask brings the newest status here; wanted when the chat has gone, or its own page of preferences has changed it.
 */
export function show(now: Status, ask: () => Promise<unknown>): void {
  if (!status) {
    const again = (): void => void ask().catch(() => undefined);
    new MutationObserver(addSoon).observe(document.body, { childList: true, subtree: true });
    document.addEventListener("gone", again, { capture: true }); // as it does not bubble
    window.addEventListener("message", ({ origin, data }) => origin === location.origin && data === PREFERENCE && again());
  }
  status = now;
  if (!status.enabled) removePreference();
  add();
}
