/** All text that people see, and dates and lists as they are written. `setLocale` shows another language without a reload. */
import { shallowRef } from "vue";

import type { ChatError } from "./api/errors";
import { en, type Key } from "./locales/en";
import type { Text } from "./locales/translation";

export type Catalogue = Partial<Record<Key, Text>>;

/** Written from right to left. */
const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);
/** Letters of such scripts, and marks that turn the direction: in a sentence they would pull their neighbours along. */
const TURNS = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

const locale = shallowRef("en");
const catalogue = shallowRef<Catalogue>(en);

export function setLocale(name: string, texts: Catalogue): void {
  locale.value = name;
  catalogue.value = texts;
}

/** English of what comes later, and the shown language's where that is another. */
export function addTexts(english: Catalogue, texts: Catalogue): void {
  Object.assign(en, english);
  catalogue.value = { ...catalogue.value, ...texts };
}

/** The language that is shown, as `lang` has it. */
export function shownLanguage(): string {
  return locale.value;
}

/** That of the language, or of a page around the chat that is turned itself. */
export function direction(): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.has(base(locale.value)) || document.documentElement.dir === "rtl" ? "rtl" : "ltr";
}

/** Text by its key; `{name}` is replaced by the parameter, and `count` chooses among the forms of the number. */
export function t(key: Key, parameters: Record<string, string | number> = {}): string {
  const text: Text = catalogue.value[key] ?? (en[key] as Text | undefined) ?? ""; // not come yet
  const chosen = typeof text === "string" ? text : (text[plural(Number(parameters.count))] ?? text.other);
  return chosen.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name];
    return typeof value === "number" ? value.toLocaleString(locale.value) : isolate(value ?? "");
  });
}

/** Whether there is such a text: what the server names may be newer than the page. */
export function has(key: string): key is Key {
  return key in en;
}

/** A name keeps its own direction, and leaves the sentence's alone. Where none can be turned, nothing invisible is added. */
function isolate(value: string): string {
  return direction() === "rtl" || TURNS.test(value) ? `\u2068${value}\u2069` : value;
}

function plural(count: number): Intl.LDMLPluralRule {
  return kept(`plural ${locale.value}`, () => new Intl.PluralRules(locale.value)).select(count);
}

function base(language: string): string {
  return language.split("-", 1)[0] ?? language;
}

const formats = new Map<string, unknown>();

/** Making a format takes far longer than using it, and a room has many dates. */
function kept<Format>(name: string, make: () => Format): Format {
  const format = (formats.get(name) as Format | undefined) ?? make();
  formats.set(name, format);
  return format;
}

/**
 * What to tell about an error, and what to do about it: what the server means, as closely as the language has words for
 * it. When to try again is told by `ErrorText`, which counts down.
 */
export function describe({ code, message, precise, retryAt }: ChatError): string {
  const close = ("refusal." + precise?.reason) as Key; // no template: these come later
  const general = `error.${code}` as Key;
  const advice = `advice.${code}` as Key;
  const servers = base(locale.value) === "en" || !(general in en) ? message : "";
  const said = close in en ? t(close, precise?.values).trim() : servers || t(general in en ? general : "error.other");
  return advice in en && retryAt === null ? `${said} ${t(advice)}` : said;
}

/** Dates as they are written where the reader is: the browser's own variant of the language that is shown. */
function regional(): string {
  return navigator.languages.find((name) => base(name) === base(locale.value)) ?? locale.value;
}

function formatDate(date: Date, options: Intl.DateTimeFormatOptions): string {
  const region = regional();
  return kept(`date ${region} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(region, options)).format(date);
}

export function formatTime(date: Date): string {
  return formatDate(date, { timeStyle: "short" });
}

export function formatExact(date: Date): string {
  return formatDate(date, { dateStyle: "full", timeStyle: "medium" });
}

/** Day and time, short. */
export function formatMoment(date: Date): string {
  return formatDate(date, { dateStyle: "medium", timeStyle: "short" });
}

/** Minutes of difference to the server's clock that are not worth a word. */
const SKEW = 5;

/** How long ago within the hour, then the time of day. `now` is in milliseconds since the epoch. */
export function formatRelative(date: Date, now: number): string {
  const minutes = Math.floor((now - date.getTime()) / 60_000);
  if (minutes >= 60 || minutes < -SKEW) return formatTime(date);
  if (minutes < 1) return t("time.justNow");
  const region = regional();
  return kept(`relative ${region}`, () => new Intl.RelativeTimeFormat(region, { style: "short" })).format(-minutes, "minute");
}

/** A moment that is near: the time alone where it is today. */
export function formatNear(date: Date, now: Date = new Date()): string {
  return isSameDay(date, now) ? formatTime(date) : formatMoment(date);
}

/** Minutes and seconds, as a clock would show them. */
export function formatMinutes(seconds: number): string {
  const two = new Intl.NumberFormat(locale.value, { minimumIntegerDigits: 2 });
  return `${Math.floor(seconds / 60).toLocaleString(locale.value)}:${two.format(seconds % 60)}`;
}

export function formatNumber(value: number): string {
  return value.toLocaleString(locale.value, { maximumFractionDigits: 1 });
}

/** Of whole seconds, in the largest unit of which it is a multiple. */
export function formatSpan(seconds: number): string {
  const [unit, count] = seconds % 3600 === 0 ? ["hour", 3600] : seconds % 60 === 0 ? ["minute", 60] : ["second", 1];
  return (seconds / count).toLocaleString(locale.value, { style: "unit", unit, unitDisplay: "long" });
}

/** @param date a day as ISO 8601 has it. */
export function formatShortDay(date: string): string {
  return date && formatDate(new Date(`${date}T12:00`), { day: "numeric", month: "short" });
}

export function formatList(parts: string[]): string {
  return kept(`list ${locale.value}`, () => new Intl.ListFormat(locale.value)).format(parts.map(isolate));
}

/** Today, yesterday, or the date; the year only where it is another one. */
export function formatDay(date: Date, now: Date = new Date()): string {
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (isSameDay(date, now)) return t("messages.today");
  if (isSameDay(date, yesterday)) return t("messages.yesterday");
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const);
  return formatDate(date, { weekday: "long", day: "numeric", month: "long", ...year });
}

export function isSameDay(a: Date, b: Date): boolean {
  return a.toDateString() === b.toDateString();
}
