/** Whether what is there runs from right to left, and so also what arrows and popups beside it mean. */
export function isTurned(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}
