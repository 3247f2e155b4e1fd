import type { Message, Room, User } from "../api/wire";
import { t } from "../i18n";

/** Who never chose a public name has none. */
export function nameOf({ username }: Pick<User, "username">): string {
  return username || t("people.unknown");
}

/** The author's name, and that of an administrator who acted in their place. */
export function authorOf({ user, acting_admin: admin }: Pick<Message, "user" | "acting_admin">): string {
  return admin ? t("message.authorByAdmin", { author: nameOf(user), admin: nameOf(admin) }) : nameOf(user);
}

/** That of a conversation is the other one's, who may have none. */
export function roomName({ name }: Pick<Room, "name">): string {
  return name || t("people.unknown");
}
