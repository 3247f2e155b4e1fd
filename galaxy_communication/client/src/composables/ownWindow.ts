/** By its name a second click finds the window that the first one opened, also after this page was reloaded. */
const NAME = "galaxy-communication";
const FEATURES = "popup,width=480,height=720";

/**
 * Shows the chat's own page in a window of its own, or the window that shows it already: not loaded anew, so that
 * nothing in it is lost. False where the browser forbids it.
 */
export function openOwnWindow(href: string): boolean {
  const own = window.open("", NAME, FEATURES);
  if (!own) return false;
  if (!showsChat(own, href)) own.location.href = href;
  own.focus();
  return true;
}

function showsChat(own: Window, href: string): boolean {
  try {
    return own.location.href.split(/[?#]/)[0] === new URL(href, location.href).href;
  } catch {
    return false; // it has gone to another site
  }
}
