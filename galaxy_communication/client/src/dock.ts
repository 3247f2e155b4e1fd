/** Makes room for the docked panel, so that it covers neither history nor tools. */

/** The width of the panel; on narrow screens it takes all, and Galaxy's page stays as it is beneath it. */
const WIDTH = "clamp(20rem, 27vw, 25rem)";
const WIDE = "(min-width: 700px)";

/**
 * Shrinks Galaxy's columns by a style sheet, which outlives whatever Galaxy renders anew, and keeps the panel below the
 * masthead. The returned function undoes it.
 */
export function dock(panel: HTMLElement): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@media ${WIDE} { #everything #columns { margin-inline-end: ${WIDTH}; } }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  const masthead = document.getElementById("masthead");
  const place = (): void => {
    panel.style.setProperty("--communication-top", `${masthead?.getBoundingClientRect().bottom ?? 0}px`);
    panel.style.setProperty("--communication-width", matchMedia(WIDE).matches ? WIDTH : "100%");
  };
  place();
  const observer = new ResizeObserver(place);
  observer.observe(document.documentElement);
  if (masthead) observer.observe(masthead);

  return () => {
    observer.disconnect();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  };
}
