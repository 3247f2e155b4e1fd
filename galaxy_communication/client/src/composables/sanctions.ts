const HOUR = 3_600_000;
/** Hours of what has no end of its own. */
export const FOR_GOOD = 0;

/** When a ban or a silence that is said now is over, as the server takes it. */
export function endAfter(hours: number): string | null {
  return hours === FOR_GOOD ? null : new Date(Date.now() + hours * HOUR).toISOString();
}
