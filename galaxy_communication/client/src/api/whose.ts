/** Milliseconds that a connection waits for the answer. */
const PATIENCE = 2_000;

/**
 * The id of whom this page is for, as far as it is known: Galaxy's own pages know it, another one asks Galaxy. Logging in
 * loads a new page, so the newest page knows best.
 */
export async function userOfPage(root: string): Promise<string | null> {
  const known = (window as { Galaxy?: { user?: { id?: string | null } } }).Galaxy?.user?.id;
  return known ?? (await askGalaxy(root).catch(() => null));
}

async function askGalaxy(root: string): Promise<string | null> {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(`${root}api/users/current`, { credentials: "same-origin", signal });
  const user = (await response.json()) as { id?: unknown } | null;
  return typeof user?.id === "string" ? user.id : null;
}
