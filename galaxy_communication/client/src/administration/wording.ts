/** What administrators are told, in words. */
import type { AuditEntry, SanctionEntry, User, Warning } from "../api/wire";
import { authorOf, nameOf } from "../composables/people";
import { formatMoment, has, t } from "../i18n";

/** Whom none is named for, the chat did it itself. */
const actorOf = (user: User | null): string => (user ? nameOf(user) : t("admin.theChat"));

export function auditText({ act, actor, acting_admin: admin, target, room_name: room, detail }: AuditEntry): string {
  const key = `admin.act.${act}`;
  const gone = typeof detail.name === "string" ? detail.name : "";
  const place = room || gone || t("admin.someRoom");
  const names = { actor: actor ? authorOf({ user: actor, acting_admin: admin }) : t("admin.theChat"), target: target ? nameOf(target) : t("people.unknown"), room: place };
  return has(key) ? t(key, names) : `${names.actor}: ${act}`;
}

/** What was before and after, or until when. */
export function changeText({ detail: { before, after, until } }: AuditEntry): string {
  if (typeof until === "string") return t("admin.until", { date: formatMoment(new Date(until)) });
  if (before === undefined || after === undefined || typeof after === "boolean") return "";
  return `${String(before) || "–"} → ${String(after) || "–"}`;
}

export function sanctionText({ kind, actor, since, until }: SanctionEntry): string {
  const said = t(`admin.inForce.${kind}`, { actor: actorOf(actor), date: formatMoment(new Date(since)) });
  return until ? `${said} ${t("admin.until", { date: formatMoment(new Date(until)) })}` : said;
}

/** In the reader's language, where that knows the warning; else as the server says it. */
export function warningText({ reason, values, message }: Warning): string {
  const key = `admin.warning.${reason}`;
  return has(key) ? t(key, values) : message;
}
