/** All text that people see. Another language is another catalogue; `setLocale` shows it without a reload. */
import { shallowRef } from "vue";

import type { ChatError } from "./api/errors";
import { en, type Key } from "./locales/en";

type Text = string | { one: string; other: string };
export type Translation = Partial<Record<Key, Text>>;

const locale = shallowRef("en");
const catalogue = shallowRef<Translation>(en);

export function setLocale(name: string, translation: Translation): void {
  locale.value = name;
  catalogue.value = translation;
}

/** Text by its key; `{name}` is replaced by the parameter, and `count` chooses singular or plural. */
export function t(key: Key, parameters: Record<string, string | number> = {}): string {
  const text: Text = catalogue.value[key] ?? en[key];
  const { count } = parameters;
  const chosen = typeof text === "string" ? text : text[plural(Number(count))];
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    return typeof value === "number" ? value.toLocaleString(locale.value) : (value ?? "");
  });
}

function plural(count: number): "one" | "other" {
  return new Intl.PluralRules(locale.value).select(count) === "one" ? "one" : "other";
}

/** What to tell about an error: the server's own words where it has some, else ours. */
export function describe(error: ChatError): string {
  const ours: Key = `error.${error.code}` as Key;
  const reason = error.message || (ours in en ? t(ours) : t("error.other"));
  if (error.retryAfter === null) return reason;
  return `${reason} ${t("error.retryAfter", { count: Math.ceil(error.retryAfter) })}`;
}

/** Dates as they are written where the reader is: the browser's own variant of the language that is shown. */
function regional(): string {
  return navigator.languages.find((name) => name.split("-")[0] === locale.value) ?? locale.value;
}

export function formatTime(date: Date): string {
  return new Intl.DateTimeFormat(regional(), { timeStyle: "short" }).format(date);
}

export function formatExact(date: Date): string {
  return new Intl.DateTimeFormat(regional(), { dateStyle: "full", timeStyle: "medium" }).format(date);
}

/** Day and time, short. */
export function formatMoment(date: Date): string {
  return new Intl.DateTimeFormat(regional(), { dateStyle: "medium", timeStyle: "short" }).format(date);
}

export function formatList(parts: string[]): string {
  return new Intl.ListFormat(locale.value).format(parts);
}

/** Today, yesterday, or the date; the year only where it is another one. */
export function formatDay(date: Date, now: Date = new Date()): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (isSameDay(date, now)) return t("messages.today");
  if (isSameDay(date, yesterday)) return t("messages.yesterday");
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat(regional(), { weekday: "long", day: "numeric", month: "long", ...year }).format(date);
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
