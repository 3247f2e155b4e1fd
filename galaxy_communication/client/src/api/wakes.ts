/** What a page hears that says something of its connection: the network came or went, or one comes back to its tab. */
export type Wake = "online" | "offline" | "visible";

/** Calls `wake` until the function that it returns is called. */
export type Wakes = (wake: (wake: Wake) => void) => () => void;

export const pageWakes: Wakes = (wake) => {
  const online = (): void => wake("online");
  const offline = (): void => wake("offline");
  const visible = (): void => {
    if (document.visibilityState === "visible") wake("visible");
  };
  window.addEventListener("online", online);
  window.addEventListener("offline", offline);
  document.addEventListener("visibilitychange", visible);
  return () => {
    window.removeEventListener("online", online);
    window.removeEventListener("offline", offline);
    document.removeEventListener("visibilitychange", visible);
  };
};
