/** A layout for the message list, which the DOM of the tests has none of: whatever is in the list has one height. */
import { fireEvent } from "@testing-library/dom";
import { vi } from "vitest";

/** Pixels. */
export const HEIGHT = 400;
const ROW = 20;
/** What says so is higher. */
const [TALL, HIGHER] = ["tall", 90];

export function layOut(): void {
  const isList = (element: Element): boolean => element.classList.contains("messages");
  const extent = (list: Element): number => rows(list).reduce((sum, row) => sum + heightOf(row), 0);
  const tops = new WeakMap<Element, number>();

  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockImplementation(function (this: HTMLElement) {
    return isList(this) ? HEIGHT : 0;
  });
  vi.spyOn(Element.prototype, "scrollHeight", "get").mockImplementation(function (this: Element) {
    return isList(this) ? Math.max(HEIGHT, extent(this)) : 0;
  });
  vi.spyOn(Element.prototype, "scrollTop", "get").mockImplementation(function (this: Element) {
    return Math.min(tops.get(this) ?? 0, Math.max(0, extent(this) - HEIGHT));
  });
  vi.spyOn(Element.prototype, "scrollTop", "set").mockImplementation(function (this: Element, top: number) {
    tops.set(this, Math.max(0, Math.min(top, extent(this) - HEIGHT)));
  });
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockImplementation(function (this: Element) {
    if (isList(this)) return new DOMRect(0, 0, 300, HEIGHT);
    const list = this.closest(".messages");
    if (!list) return new DOMRect(0, 0, 300, 0);
    let top = -list.scrollTop;
    for (const row of rows(list)) {
      if (row.contains(this)) return new DOMRect(0, top, 300, heightOf(row));
      top += heightOf(row);
    }
    return new DOMRect(0, 0, 300, 0);
  });
}

function rows(list: Element): Element[] {
  return [...(list.firstElementChild?.children ?? [])];
}

function heightOf(row: Element): number {
  if (row.classList.contains("messages-space")) return parseFloat((row as HTMLElement).style.height) || 0;
  return row.textContent?.includes(TALL) ? HIGHER : ROW;
}

/** As by the wheel. */
export function scroll(list: Element, top: number): void {
  list.scrollTop = top;
  fireEvent.scroll(list);
}

/** Pixels of an element below the top of the list that it is in. */
export function topOf(element: Element): number {
  return element.getBoundingClientRect().top;
}
