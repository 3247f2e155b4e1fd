/** The schemes that a message may link to. What else there is runs code, reads files or opens programs. */
const SCHEMES = new Set(["http:", "https:", "mailto:"]);

/**
 * The address that a link may have, whole, or null. An address without a host is one in this Galaxy: `/histories` as in
 * the address bar, `histories` below its root.
 *
 * @param root Galaxy's root, with a slash at its end.
 */
export function safeAddress(address: string, root: string): string | null {
  let url: URL;
  try {
    url = new URL(address, new URL(root, location.origin));
  } catch {
    return null;
  }
  return SCHEMES.has(url.protocol) ? url.href : null;
}
