/** What one does to messages that are there. */
import type { Message } from "../api/wire";
import type { ChatParts } from "./chat";

export function createMessageActions({ request, attempt, acknowledged }: ChatParts) {
  return {
    edit: ({ id }: Message, text: string) =>
      attempt(async () => acknowledged(await request("message.edit", { message_id: id, text }))),
    remove: ({ id }: Message) => attempt(async () => acknowledged(await request("message.delete", { message_id: id }))),
    react: ({ id }: Message, emoji: string, on: boolean) =>
      attempt(async () => acknowledged(await request("message.react", { message_id: id, emoji, on }))),
  };
}
