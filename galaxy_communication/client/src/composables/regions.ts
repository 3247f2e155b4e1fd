/** The parts of the panel between which F6 goes, each with the place in it where one wants to be. */
const REGIONS = '.head, [role="tablist"], .rooms, .messages, .composer, .details, .search';
const WANTED = 'textarea, input[type="search"], [aria-current="true"], [aria-selected="true"], [role="tab"][tabindex="0"]';
const FOCUSABLE = 'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [tabindex="0"]';

/** @returns whether something in there took the focus. */
export function enterRegion(region: HTMLElement): boolean {
  const isList = region.matches(".messages");
  const candidates = [
    ...(isList ? [messageInSight(region)] : []),
    region.querySelector<HTMLElement>(WANTED),
    region.querySelector<HTMLElement>(FOCUSABLE),
    region.matches("[tabindex]") ? region : null,
  ];
  // What one reads stays where it is, also when the focus has to go elsewhere because one has scrolled.
  return candidates.some((candidate) => candidate !== null && takesFocus(candidate, isList));
}

/** Goes round. */
export function moveToRegion(panel: HTMLElement, step: 1 | -1): void {
  const regions = regionsOf(panel);
  const focused = focusIn(panel);
  const here = regions.findLastIndex((region) => region.contains(focused));
  const start = here < 0 && step < 0 ? regions.length : here;
  for (let count = 1; count <= regions.length; count++) {
    const next = regions.at((start + step * count) % regions.length);
    if (next && enterRegion(next)) return;
  }
}

/** The region that an element is in; where it is in none, where one writes, or the first that takes the focus. */
export function enterNear(panel: HTMLElement, element: Element): void {
  const own = element.closest<HTMLElement>(REGIONS);
  const regions = [own, panel.querySelector<HTMLElement>(".composer"), ...regionsOf(panel)];
  regions.some((region) => region !== null && panel.contains(region) && enterRegion(region));
}

/** The lowest message that is in sight as a whole, else of which something is in sight. */
export function messageInSight(list: HTMLElement): HTMLElement | null {
  const all = [...list.querySelectorAll<HTMLElement>("article")];
  const frame = list.getBoundingClientRect();
  const place = (one: HTMLElement): DOMRect => one.getBoundingClientRect();
  const isInSight = (one: HTMLElement): boolean => place(one).top >= frame.top && place(one).bottom <= frame.bottom + 1;
  const isPartly = (one: HTMLElement): boolean => place(one).top < frame.bottom && place(one).bottom > frame.top;
  return all.findLast(isInSight) ?? all.findLast(isPartly) ?? all.at(-1) ?? null;
}

/** What has the focus, in whatever shadow root the panel is. */
export function focusIn(panel: HTMLElement): Element | null {
  const { activeElement } = panel.getRootNode() as Document | ShadowRoot;
  return activeElement && panel.contains(activeElement) ? activeElement : null;
}

function regionsOf(panel: HTMLElement): HTMLElement[] {
  return [...panel.querySelectorAll<HTMLElement>(REGIONS)].filter((region) => !region.closest("[inert], [hidden]"));
}

function takesFocus(element: HTMLElement, preventScroll: boolean): boolean {
  element.focus({ preventScroll });
  return (element.getRootNode() as Document | ShadowRoot).activeElement === element;
}
