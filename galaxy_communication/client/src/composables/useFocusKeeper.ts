import { onBeforeUnmount, watch, type Ref } from "vue";

import { enterNear, focusIn } from "./regions";

/**
 * Nobody who works by keys is thrown out of the chat because the button that they pressed went away: the focus then goes
 * to what is near. Components that know a better place give it back themselves, and before.
 */
export function useFocusKeeper(panel: Ref<HTMLElement | null>): void {
  /** What has the focus, and all that it lies in, from the inside out. */
  let path: Element[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function came({ target }: FocusEvent): void {
    clearTimeout(timer);
    path = [];
    for (let one = target instanceof Element ? target : null; one; one = one.parentElement) path.push(one);
  }

  /** An element that is taken away may lose the focus before or after, so what it means is known a moment later. */
  function went(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (panel.value && !focusIn(panel.value)) path = [];
    });
  }

  function look(): void {
    const element = panel.value;
    const [last] = path;
    if (!element || !last || !isLost(last)) return;
    const now = focusIn(element); // still the same one, where it was only disabled
    if ((now && now !== last) || isElsewhere(element)) return;
    const near = path.find((one) => one.isConnected && !isLost(one));
    path = [];
    enterNear(element, near ?? element);
  }

  const observer = new MutationObserver(look);
  watch(
    panel,
    (now, before) => {
      observer.disconnect();
      before?.removeEventListener("focusin", came);
      before?.removeEventListener("focusout", went);
      path = [];
      if (!now) return;
      now.addEventListener("focusin", came);
      now.addEventListener("focusout", went);
      observer.observe(now, { childList: true, subtree: true, attributeFilter: ["disabled", "inert", "hidden"] });
    },
    { flush: "post", immediate: true },
  );
  onBeforeUnmount(() => {
    clearTimeout(timer);
    observer.disconnect();
  });
}

function isLost(element: Element): boolean {
  return !element.isConnected || element.matches(":disabled") || element.closest("[inert], [hidden]") !== null;
}

/** In Galaxy's page. */
function isElsewhere(panel: Element): boolean {
  const root = panel.getRootNode();
  const { activeElement } = document;
  const own = root instanceof ShadowRoot ? root.host : panel;
  return activeElement !== null && activeElement !== document.body && !own.contains(activeElement);
}
