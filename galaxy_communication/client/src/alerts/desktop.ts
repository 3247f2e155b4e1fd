/** Notifications of the browser, where it lets this page show any. */
import { permission } from "./permission";
import type { Wording } from "./wording";

/**
 * @param root Galaxy's root: others may share the origin, and tags belong to that.
 * @param tag replaces what is shown under the same one, by any tab.
 */
export function notify(root: string, tag: string, { title, body }: Wording): Notification | null {
  if (permission() !== "granted") return null;
  const options = { body, tag: `galaxy-communication ${root} ${tag}`, icon: `${root}communication/static/notification.png` };
  try {
    // Its sound is ours; one that replaces another comes up again, as it is news.
    return new Notification(title, { ...options, silent: true, renotify: true } as NotificationOptions);
  } catch {
    return null; // browsers of telephones know them, and refuse them to pages
  }
}
