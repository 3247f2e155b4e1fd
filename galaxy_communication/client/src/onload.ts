/**
 * The script of Galaxy's `onload` webhook: it is on every page, for everybody, so it asks one question and, unless the
 * answer is that this user chats, leaves no trace. Errors are swallowed for the same reason.
 */
import { untilAgain } from "./again";
import type { Status } from "./api/wire";
import { faComments } from "./components/icons";
import type * as Entries from "./entries";
import { inGalaxysLanguage } from "./language";
import { masthead as languages } from "./locales/masthead";
import type { MountOptions, Mounted } from "./main";
import { rememberedOnline, rememberedOpen, rememberFor } from "./stores/session";

/** Milliseconds that Galaxy may take to show its masthead. */
const PATIENCE = 30_000;
/** Galaxy's page of preferences, where its form leads back to. */
const PREFERENCES = "/user";

interface Route {
  path: string;
}

interface GalaxyGlobal {
  user?: { id?: string | null; isAnonymous?: unknown };
  router?: { afterEach?: (hook: (to: Route) => void) => void };
}

interface Icon {
  setUnread(unread: number): void;
  remove(): void;
}

const { root, entry } = __GALAXY_COMMUNICATION__;
let icon: Icon | null = null;

function galaxy(): GalaxyGlobal | undefined {
  return (window as { Galaxy?: GalaxyGlobal }).Galaxy;
}

/** What fails leaves no trace either. */
function quietly(task: Promise<unknown> | null): void {
  task?.catch(() => undefined);
}

/** Calls back with the masthead, once, or never. */
function whenMasthead(found: (masthead: Element) => void): void {
  const look = (): boolean => {
    const masthead = document.querySelector("#masthead");
    const isDrawn = masthead !== null && masthead.querySelector("#help, #user") !== null;
    if (isDrawn) {
      observer.disconnect();
      found(masthead);
    }
    return isDrawn;
  };
  const observer = new MutationObserver(look);
  if (look()) return;
  observer.observe(document.documentElement, { childList: true, subtree: true });
  setTimeout(() => observer.disconnect(), PATIENCE);
}

/** Whether this user wants chat, also where there is none now. */
async function refresh(masthead: Element): Promise<boolean> {
  const response = await fetch(`${root}api/communication/status`);
  const status = (await response.json()) as Status;
  if (!status.available) {
    icon?.remove();
    icon = null;
  } else if (icon) icon.setUnread(status.unread);
  else icon = addIcon(masthead, status);
  if (status.is_admin || location.pathname.endsWith(PREFERENCES)) {
    const entries = import(/* @vite-ignore */ `${root}communication/static/entries.js`) as Promise<typeof Entries>;
    quietly(entries.then(({ show }) => show(status, () => refresh(masthead))));
  }
  return status.user_enabled;
}

function addIcon(masthead: Element, status: Status): Icon {
  const item = document.createElement("li");
  item.id = "communication-masthead";
  item.className = "nav-item";
  item.dataset.description = "communication masthead";
  const [width, height, , , path] = faComments.icon;
  item.innerHTML =
    `<a class="nav-link nav-icon" role="button" href="${root}communication">` +
    `<svg class="svg-inline--fa fa-fw" aria-hidden="true" viewBox="0 0 ${width} ${height}">` +
    `<path fill="currentColor" d="${path}"/></svg></a>`;
  // Not as attributes: a strict Content-Security-Policy refuses them.
  const link = item.firstChild as HTMLAnchorElement;
  link.style.cssText = "position:relative";
  (link.firstChild as SVGElement).style.cssText = "width:1.25em;height:1em";
  const badge = document.createElement("span");
  badge.dataset.description = "communication unread";
  badge.style.cssText =
    "position:absolute;top:.2em;right:0;min-width:1.5em;padding:0 .35em;border-radius:1em;background:#d6000b;" +
    "color:#fff;font-size:.65em;font-weight:bold;line-height:1.5;text-align:center";

  const [title, titleUnread] = inGalaxysLanguage<[string, string]>(languages);

  let removed = false;
  let loading: Promise<Mounted> | null = null;

  function setUnread(unread: number): void {
    badge.textContent = unread > 99 ? "99+" : String(unread);
    if (unread > 0) link.append(badge);
    else badge.remove();
    link.title = unread > 0 ? titleUnread.replace("{count}", String(unread)) : title;
    link.setAttribute("aria-label", link.title);
  }

  function remove(): void {
    removed = true;
    item.remove();
    quietly(loading && loading.then((mounted) => mounted.remove()));
  }

  function load(): Promise<Mounted> {
    const options: MountOptions = {
      root,
      status,
      onUnread: setUnread,
      onOpen(open) {
        link.setAttribute("aria-expanded", String(open));
        if (!open) link.focus(); // which what is closed has lost
      },
      onGone: () => {
        remove();
        icon = null;
        const ask = (): Promise<unknown> => refresh(masthead).then((isWanted) => (isWanted && !icon) || clearInterval(timer));
        const timer = setInterval(() => quietly(ask()), untilAgain());
      },
    };
    loading ??= import(/* @vite-ignore */ entry).then(({ mount }) => mount(options) as Promise<Mounted>);
    return loading;
  }

  function toggle(): void {
    load()
      .then((mounted) => removed || mounted.toggle())
      .catch(() => location.assign(link.href));
  }

  link.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    toggle();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    toggle();
  });

  setUnread(status.unread);
  link.setAttribute("aria-expanded", "false");
  const help = masthead.querySelector("#help");
  if (help) help.before(item);
  else masthead.querySelector("ul:last-of-type")?.prepend(item);
  if (rememberedOnline.get() || rememberedOpen.get()) {
    quietly(load().then((mounted) => removed || !rememberedOpen.get() || mounted.show()));
  }
  return { setUnread, remove };
}

if (window === window.top) {
  whenMasthead((masthead) => {
    const user = galaxy()?.user;
    if (!user?.id || user.isAnonymous === true) return;
    rememberFor(user.id);
    const ask = (): void => quietly(refresh(masthead));
    galaxy()?.router?.afterEach?.(({ path }) => {
      if (path === PREFERENCES) ask();
    });
    ask();
  });
}
