import { onBeforeUnmount, type Ref } from "vue";

/** The element that has the focus, in whatever shadow root. */
function focused(): HTMLElement | null {
  let { activeElement } = document;
  while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot);
  return activeElement instanceof HTMLElement ? activeElement : null;
}

/** Gives the focus back to where it was when the component came, unless it is elsewhere by then. */
export function useFocusReturn(element: Ref<HTMLElement | null>): void {
  const before = focused();
  onBeforeUnmount(() => {
    const now = focused();
    if (before?.isConnected && now && element.value?.contains(now)) before.focus();
  });
}
