/** Milliseconds after which a page without the chat that it had asks for it again; not all of them at once. */
export const untilAgain = (): number => 30_000 * (1 + Math.random());
