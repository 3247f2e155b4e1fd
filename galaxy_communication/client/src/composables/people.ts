import type { Room, User } from "../api/wire";
import { t } from "../i18n";

/** Who never chose a public name has none. */
export function nameOf({ username }: Pick<User, "username">): string {
  return username || t("people.unknown");
}

/** That of a conversation is the other one's, who may have none. */
export function roomName({ name }: Pick<Room, "name">): string {
  return name || t("people.unknown");
}
