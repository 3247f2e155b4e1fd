/** Tells the user of news that they do not see: by a notification of the browser, and by a tone. */
import { shallowReactive, watch } from "vue";

import type { Message } from "../api/wire";
import { t } from "../i18n";
import type { Chat } from "../stores/chat";
import { loudIn, unreadIn, type RoomEntry } from "../stores/rooms";
import { currentRoom } from "../stores/state";
import { createContest } from "./contest";
import { notify } from "./desktop";
import { isAudible, play } from "./tone";
import { wordingOf, type Wording } from "./wording";

export type Ringer = ReturnType<typeof createRinger>;

interface News {
  entry: RoomEntry;
  message: Message;
}

interface Shown {
  notification: Notification;
  isOver: () => boolean;
}

/** The chat may be in a frame of Galaxy's page: the user looks at both. */
const page = window.top ?? window;

/** @param show brings the chat before the user's eyes. */
export function createRinger(chat: Chat, root: string, show: () => void) {
  const { state, wishes } = chat;
  /** By their tags. One that another tab replaces is closed by the browser. */
  const shown = shallowReactive(new Map<string, Shown>());
  const name = `galaxy-communication-alerts ${root} ${state.me?.id}`;
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(name);
  const contest = createContest<News | { missed: number }>(channel, tell);

  /**
   * A page that shows the room knows best when the user looks at it. Of the others, one that is in sight is where a click
   * leads; but one that may not sound is of no use to the ear.
   */
  function rank(entry?: RoomEntry): number {
    const sounds = wishes.sound.value && isAudible();
    return (entry && isShown(entry) ? 4 : 0) + (sounds ? 2 : 0) + (document.visibilityState === "visible" ? 1 : 0);
  }

  function isShown(entry: RoomEntry): boolean {
    return document.visibilityState === "visible" && entry === currentRoom(state) && entry.visit.isOpen;
  }

  function isLooking(entry = currentRoom(state)): boolean {
    return entry !== null && isShown(entry) && page.document.hasFocus();
  }

  function tell(won: (News | { missed: number })[]): boolean {
    const news = new Map<RoomEntry, News>();
    for (const one of won) if ("entry" in one && isStillNews(one)) news.set(one.entry, one); // the newest of each room
    for (const one of news.values()) notifyOf(one);
    const missed = won.find((one) => "missed" in one);
    if (missed) notifyOfMissed(missed.missed);
    if (news.size === 0 && !missed) return false;
    if (wishes.sound.value) void play();
    return true;
  }

  /** Also when it counts as read by now: a page that is in sight marks what it shows, whether or not the user looks at it. */
  function isStillNews({ entry, message: { seq } }: News): boolean {
    const isDeleted = entry.log.messages.some((message) => message.seq === seq && message.deleted);
    return !isDeleted && !isLooking(entry) && state.rooms.get(entry.room.id) === entry;
  }

  function notifyOf(news: News): void {
    const { entry, message } = news;
    const { id } = entry.room;
    const wasUnread = unreadIn(entry) > 0;
    const isOver = (): boolean => !isStillNews(news) || (wasUnread && unreadIn(entry) === 0);
    put(id, wordingOf(entry, message, loudIn(entry)), isOver, () => void chat.jumpTo(id, message.seq));
  }

  function notifyOfMissed(count: number): void {
    put("missed", { title: t("title"), body: t("alerts.missed", { count }) }, () => isLooking());
  }

  function put(tag: string, wording: Wording, isOver: () => boolean, follow?: () => void): void {
    const notification = wishes.desktop.value ? notify(root, tag, wording) : null;
    if (!notification) return;
    notification.addEventListener("close", () => {
      if (shown.get(tag)?.notification === notification) shown.delete(tag);
    });
    notification.addEventListener("click", () => {
      notification.close();
      page.focus();
      show();
      follow?.();
    });
    shown.set(tag, { notification, isOver });
  }

  function tidy(): void {
    for (const [tag, { notification, isOver }] of shown) {
      if (!isOver()) continue;
      notification.close();
      shown.delete(tag);
    }
  }

  function clear(): void {
    for (const { notification } of shown.values()) notification.close();
    shown.clear();
  }

  const stopTidying = watch(() => [...shown.values()].some(({ isOver }) => isOver()), tidy);
  page.addEventListener("focus", tidy);
  window.addEventListener("pagehide", clear);

  return {
    news(entry: RoomEntry, messages: Message[]): void {
      if (isLooking(entry)) return contest.settle(messages.map(({ id }) => id));
      contest.enter(new Map(messages.map((message) => [message.id, { entry, message }])), rank(entry));
    },

    /** So much has come while there was no connection. */
    missed(count: number): void {
      const key = `missed ${[...state.rooms.values()].reduce((sum, { room }) => sum + room.head_seq, 0)}`;
      if (isLooking()) contest.settle([key]);
      else contest.enter(new Map([[key, { missed: count }]]), rank());
    },

    stop(): void {
      contest.stop();
      stopTidying();
      page.removeEventListener("focus", tidy);
      window.removeEventListener("pagehide", clear);
      clear();
    },
  };
}
