/** What a notification says: plain text, and little of it. */
import type { Message } from "../api/wire";
import { firstLine } from "../composables/firstLine";
import { authorOf, roomName } from "../composables/people";
import { t } from "../i18n";
import type { RoomEntry } from "../stores/rooms";

/** Characters. */
const LENGTH = 140;
const LINK = /!?\[([^\]]*)\]\([^)\s]*\)/g;

export interface Wording {
  title: string;
  body: string;
}

/** @param count how many messages of the room it stands for. */
export function wordingOf({ room }: RoomEntry, message: Message, count: number): Wording {
  const [author, name, line] = [authorOf(message), roomName(room), plain(message.text)];
  if (room.kind === "direct") return { title: count > 1 ? t("alerts.manyFrom", { count, name: author }) : author, body: line };
  if (count > 1) return { title: t("alerts.manyIn", { count, room: name }), body: t("alerts.line", { name: author, text: line }) };
  return { title: t("alerts.inRoom", { name: author, room: name }), body: line };
}

function plain(text: string): string {
  const characters = [...firstLine(text).replace(LINK, "$1")];
  return characters.length > LENGTH ? `${characters.slice(0, LENGTH - 1).join("")}…` : characters.join("");
}
