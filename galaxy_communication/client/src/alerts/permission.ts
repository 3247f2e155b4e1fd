/**
 * What this browser says to notifications of this page. `insecure`: none offers them to a page that came by http;
 * `unsupported`: it has none, or, as on Android, only for what is installed.
 */
export type Permission = "insecure" | "unsupported" | NotificationPermission;

export function permission(): Permission {
  if (!window.isSecureContext) return "insecure";
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}

/** Asks the user, who must have clicked for that, where they have not decided yet. */
export async function askPermission(): Promise<Permission> {
  if (permission() === "default") await Notification.requestPermission();
  return permission();
}
