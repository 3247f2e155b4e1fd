/**
 * Galaxy's login, which leads back to this page. Galaxies that do not know of that lead to their start page.
 *
 * @param root Galaxy's root, with a slash at its end.
 */
export function loginLink(root: string, { pathname, search } = location): string {
  const here = pathname.startsWith(root) ? pathname.slice(root.length - 1) + search : "/";
  return `${root}login/start?redirect=${encodeURIComponent(here)}`;
}
