import { createApp, nextTick, ref, watch, watchEffect, type App, type Component } from "vue";

import { untilAgain } from "./again";
import { createAlerts } from "./alerts";
import { persist } from "./api/backoff";
import { ChatError } from "./api/errors";
import { createRest } from "./api/rest";
import type { Status } from "./api/wire";
import ChatApp from "./components/ChatApp.vue";
import { loadSecondary } from "./components/later";
import SkeletonLines from "./components/SkeletonLines.vue";
import UnavailableApp, { type Reason } from "./components/UnavailableApp.vue";
import { linked } from "./composables/permalink";
import { chatKey, type ChatContext } from "./composables/useChat";
import type { Dock } from "./dock";
import { direction, shownLanguage, t } from "./i18n";
import { speakFor, speakOn } from "./languages";
import { createChat, type Chat } from "./stores/chat";
import { attention } from "./stores/rooms";
import { rememberedOnline } from "./stores/session";
import { styleSheet } from "./styles";
import { createTabTitle } from "./tabTitle";

export const TAG = "galaxy-communication";
/** By mode. */
const BESIDES: Record<string, () => Promise<{ default: Component }>> = {
  async admin() {
    const { AdminApp, texts } = await import("./administration");
    await speakOn(texts, "admin");
    return { default: AdminApp };
  },
  preferences: () => import("./components/PreferencesApp.vue"),
};
/** So often is a busy server asked whether there is chat, before the page says that it cannot be reached. */
const ATTEMPTS = 4;

/**
 * The chat, in an open shadow root. In Galaxy's page `mount` makes it; on a page of its own it stands in the HTML:
 * `<galaxy-communication mode="page" root="/">`, or in the mode `admin` or `preferences` for what else there is. Taking it out of the document
 * ends its connection.
 *
 * It tells its surroundings by events that do not bubble: `unread` (detail: how many), `close` (its button), `show` (a
 * notification was clicked), and `gone` (chat is switched off, nothing of it should remain).
 */
export class ChatElement extends HTMLElement {
  /** Known to who asked before; otherwise the element asks itself. */
  status: Status | null = null;
  /** Of who has docked it. */
  dock: Dock | null = null;

  private readonly isOpen = ref(false);
  private chat: Chat | null = null;
  private app: App | null = null;
  private asking: ReturnType<typeof setTimeout> | undefined;

  /** A closed panel stays connected, as online as the user wants to be. */
  get open(): boolean {
    return this.isOpen.value;
  }

  set open(open: boolean) {
    this.isOpen.value = open;
    this.hidden = !open;
  }

  connectedCallback(): void {
    if (this.isPage) {
      this.open = true;
      import("./pageFont").then(({ addGalaxysFont }) => addGalaxysFont()).catch(() => undefined);
    }
    const shadow = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [styleSheet()];
    if (this.status) this.start(this.status);
    else void (this.besides ? this.showBeside(this.besides) : this.ask());
  }

  disconnectedCallback(): void {
    clearTimeout(this.asking);
    this.app?.unmount();
    this.chat?.close();
    this.app = this.chat = null;
    this.shadowRoot?.replaceChildren();
  }

  async focusComposer(): Promise<void> {
    await nextTick();
    const find = (selector: string) => this.shadowRoot?.querySelector<HTMLElement>(selector);
    (find("textarea") ?? find(".bubble") ?? find("button"))?.focus();
  }

  private get isPage(): boolean {
    return this.getAttribute("mode") !== "docked";
  }

  private get root(): string {
    return this.getAttribute("root") ?? "/";
  }

  /** A page that is not the chat itself. */
  private get besides(): (() => Promise<{ default: Component }>) | undefined {
    return BESIDES[this.getAttribute("mode") ?? ""];
  }

  private async showBeside(load: () => Promise<{ default: Component }>): Promise<void> {
    const [{ default: page }] = await Promise.all([load(), loadSecondary()]);
    if (this.isConnected) this.show(createApp(page, { root: this.root }));
  }

  private async ask(): Promise<void> {
    clearTimeout(this.asking);
    this.show(createApp(SkeletonLines, { label: t("connection.connecting") }));
    const status = await persist(() => createRest(this.root).status(), ATTEMPTS).catch(() => null);
    if (status?.language) await speakFor(status.language);
    if (!this.isConnected || this.chat) return;
    if (status?.available) return this.start(status);
    const reason = await this.whyNot(status);
    const switchOn = () => createRest(this.root).setPreferences({ enabled: true });
    if (!this.isConnected || this.chat) return;
    this.show(createApp(UnavailableApp, { reason, root: this.root, retry: () => void this.ask(), switchOn }));
    if (reason === "switchedOff") this.askLater();
  }

  private askLater(): void {
    this.asking = setTimeout(() => void this.askQuietly(), untilAgain());
  }

  private async askQuietly(): Promise<void> {
    const status = await createRest(this.root).status().catch(() => null);
    if (!this.isConnected || this.chat) return;
    if (status?.enabled) void this.ask();
    else this.askLater();
  }

  /** The status does not tell visitors from users who have not switched chat on. */
  private async whyNot(status: Status | null): Promise<Reason> {
    if (!status) return "unreached";
    if (!status.enabled) return "switchedOff";
    const asked = createRest(this.root).preferences();
    return asked.then(
      () => "notWanted",
      (error: unknown) => (error instanceof ChatError && error.code === "not_authenticated" ? "signedOut" : "notWanted"),
    );
  }

  private start(status: Status): void {
    const chat = createChat({ root: this.root, socket: status.socket });
    const context: ChatContext = {
      chat,
      root: this.root,
      mode: this.isPage ? "page" : "docked",
      dock: this.dock,
      isOpen: this.isOpen,
      close: () => this.dispatchEvent(new CustomEvent("close")),
      focusComposer: () => void this.focusComposer(),
    };
    this.chat = chat;
    chat.people.state.preferences.language = status.language;
    const app = createApp(ChatApp);
    app.provide(chatKey, context);
    this.tell(chat, app);
    app.onUnmount(createAlerts(chat, this.root, () => this.dispatchEvent(new CustomEvent("show"))));
    if (this.isPage) this.follow(chat, app);
    this.show(app);
    if (rememberedOnline.get()) chat.goOnline();
  }

  private tell({ state, people }: Chat, app: App): void {
    const title = createTabTitle(this.isPage);
    const stopUnread = watch(
      () => (state.ready ? attention(state.rooms) : null),
      (unread) => {
        title.show(unread ?? 0);
        if (unread !== null) this.dispatchEvent(new CustomEvent("unread", { detail: unread }));
      },
    );
    const stopGone = watch(
      () => state.refused?.code === "disabled",
      (off) => off && this.gone(),
    );
    const stopLanguage = watch(
      () => people.state.preferences.language,
      (chosen) => void speakFor(chosen),
    );
    app.onUnmount(() => {
      stopLanguage();
      stopUnread();
      stopGone();
      title.remove();
    });
  }

  /** In Galaxy's page nothing remains; a page of its own says why. */
  private gone(): void {
    this.dispatchEvent(new CustomEvent("gone"));
    if (!this.isPage || !this.isConnected) return;
    this.chat?.close();
    this.chat = null;
    void this.ask();
  }

  /** Goes where the page's address leads, when there is a connection. */
  private follow(chat: Chat, app: App): void {
    const wanted = linked(location.href, this.root);
    if (!wanted) return;
    const open = (): void => void chat.openLink(wanted.messageId, wanted.roomId);
    app.onUnmount(watch(() => chat.state.ready, open, { once: true }));
  }

  /** With the language and its direction; a page of its own is in that language, too. */
  private mark(place: HTMLElement): void {
    for (const root of this.isPage ? [place, document.documentElement] : [place]) {
      root.lang = shownLanguage();
      root.dir = direction();
    }
  }

  private show(app: App): void {
    const place = document.createElement("div");
    place.className = "place";
    this.app?.unmount();
    this.app = app;
    this.shadowRoot?.replaceChildren(place);
    app.onUnmount(watchEffect(() => this.mark(place)));
    app.mount(place);
  }
}

export function define(): void {
  if (!customElements.get(TAG)) customElements.define(TAG, ChatElement);
}
