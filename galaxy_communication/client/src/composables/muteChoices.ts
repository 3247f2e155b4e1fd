import { FOR_GOOD } from "../stores/mutes";

const HOUR = 3_600_000;
/** Of the local day at which "until tomorrow" ends. */
const MORNING = 8;

export interface MuteChoice {
  name: "hour" | "tomorrow" | "week" | "forGood";
  until: (now?: Date) => Date;
}

export const muteChoices: MuteChoice[] = [
  { name: "hour", until: (now = new Date()) => new Date(now.getTime() + HOUR) },
  { name: "tomorrow", until: (now = new Date()) => inDays(now, 1, MORNING) },
  { name: "week", until: (now = new Date()) => new Date(now.getTime() + 7 * 24 * HOUR) },
  { name: "forGood", until: () => new Date(FOR_GOOD) },
];

function inDays(now: Date, days: number, hour: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);
}
