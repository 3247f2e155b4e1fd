/** Addresses of messages and rooms: the chat's own page, which asks for them by their ids. */

export interface Linked {
  messageId: string | null;
  roomId: string | null;
}

/** @param root Galaxy's root, with a slash at its end. */
export function permalink(root: string, messageId: string): string {
  const url = new URL(`${root}communication`, location.origin);
  url.searchParams.set("message", messageId);
  return url.href;
}

/** What an address of this Galaxy's chat asks for, or null. */
export function linked(address: string, root: string): Linked | null {
  const page = new URL(`${root}communication`, location.origin);
  const url = new URL(address, location.origin);
  if (url.origin !== page.origin || url.pathname !== page.pathname) return null;
  const [messageId, roomId] = [url.searchParams.get("message"), url.searchParams.get("room")];
  return messageId || roomId ? { messageId, roomId } : null;
}
