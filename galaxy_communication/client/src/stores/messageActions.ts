/** What one does to messages that are there, and to the one that one writes. */
import type { Message } from "../api/wire";
import type { ChatParts } from "./chat";
import { createPins } from "./pins";
import { createQuotes } from "./quotes";
import type { RoomEntry } from "./rooms";

/** Milliseconds between two hints that one is writing in a room. */
const TYPING_INTERVAL = 3_000;
/** As many as one looks through. */
const MEMBERS = 8;

export function createMessageActions({ people, rest, request, attempt, acknowledged }: ChatParts) {
  const quotes = createQuotes(rest);
  const pins = createPins(rest);
  const typed = new Map<string, number>();

  async function edit({ id }: Message, text: string): Promise<boolean> {
    let isDone = false;
    await attempt(async () => {
      acknowledged(await request("message.edit", { message_id: id, text }));
      isDone = true;
    });
    return isDone;
  }

  return {
    quotes,
    pins,
    edit,
    remove: ({ id }: Message) => attempt(async () => acknowledged(await request("message.delete", { message_id: id }))),
    react: ({ id }: Message, emoji: string, on: boolean) =>
      attempt(async () => acknowledged(await request("message.react", { message_id: id, emoji, on }))),
    pin: ({ id }: Message, on: boolean) => attempt(async () => acknowledged({ message: await rest.pin(id, on) })),
    /** Throws. */
    report: ({ id }: Message, reason: string) => rest.report(id, reason),
    revisions: ({ id }: Message) => rest.revisions(id),
    /** Of a room, those whose public name begins so. */
    findMembers: ({ room }: RoomEntry, query: string) => rest.members(room.id, { query, limit: MEMBERS }),

    reply(entry: RoomEntry, message: Message): void {
      entry.editing = null;
      entry.replyTo = message;
    },

    startEdit(entry: RoomEntry, message: Message): void {
      entry.editing = { message, text: message.text };
    },

    /** What one has changed stays to be tried again when the server does not take it. */
    async saveEdit(entry: RoomEntry): Promise<void> {
      const { editing } = entry;
      if (!editing) return;
      const text = editing.text.trimEnd();
      const isSaved = text === editing.message.text || (await edit(editing.message, text));
      if (isSaved && entry.editing === editing) entry.editing = null;
    },

    typing({ room }: RoomEntry): void {
      const now = Date.now();
      if (!people.state.preferences.typing || now - (typed.get(room.id) ?? -Infinity) < TYPING_INTERVAL) return;
      typed.set(room.id, now);
      request("room.typing", { room_id: room.id }).catch(() => undefined); // the next one may get through
    },

    /** Every change, live or replayed, and every answer to what the user did. */
    heard(messages: Message[]): void {
      quotes.heard(messages);
      pins.heard(messages);
    },
  };
}
