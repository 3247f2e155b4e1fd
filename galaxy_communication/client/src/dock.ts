/** Makes room for the docked panel, so that it covers neither history nor tools, wherever it is and whatever its size. */
import { computed, reactive, shallowRef, type ComputedRef } from "vue";

import { rememberedPlace, rememberPlace, type Side } from "./stores/place";

/** Below this width the panel takes all, and Galaxy's page stays as it is beneath it. */
const WIDE = 700;
/** In rem: what the panel needs, and what Galaxy keeps at least, of the width and of the height. */
const LEAST = { end: 20, bottom: 14 };
const GALAXYS = { end: 20, bottom: 12 };
const GALAXYS_PART = 0.4;

export interface Space {
  width: number;
  /** Below the masthead. */
  height: number;
  /** Pixels. */
  rem: number;
}

export interface Limits {
  min: number;
  max: number;
  /** Before one has chosen. */
  usual: number;
}

export interface Dock {
  /** Where the panel is, which is not where one wants it if it does not fit there; null where it takes all. */
  side: ComputedRef<Side | null>;
  /** Where one wants it. */
  wanted: ComputedRef<Side>;
  limits: ComputedRef<Limits>;
  /** In pixels, within the limits. */
  size: ComputedRef<number>;
  move: (side: Side) => void;
  resize: (size: number) => void;
  /** The size, once it is chosen. */
  remember: () => void;
  show: () => void;
  hide: () => void;
}

export function limitsOf(side: Side, { width, height, rem }: Space): Limits {
  const all = side === "end" ? width : height;
  const min = LEAST[side] * rem;
  const max = Math.floor(all - Math.max(all * GALAXYS_PART, GALAXYS[side] * rem));
  const usual = side === "end" ? Math.min(all * 0.27, 25 * rem) : all * 0.42;
  return { min, max, usual: clamp(Math.round(usual), { min, max }) };
}

/** A window too low for both has the panel at its end; one too narrow shows nothing else. */
export function sideIn(space: Space, wanted: Side): Side | null {
  if (space.width < WIDE) return null;
  const fits = (side: Side): boolean => limitsOf(side, space).max >= limitsOf(side, space).min;
  return ([wanted, "end", "bottom"] as const).find(fits) ?? null;
}

function clamp(size: number, { min, max }: Pick<Limits, "min" | "max">): number {
  return Math.max(min, Math.min(size, max));
}

/**
 * Galaxy's columns are shrunk by a style sheet, which outlives whatever Galaxy renders anew. Tools and history keep their
 * width: where they no longer fit beside what is between them, one scrolls, instead of finding the history cut off.
 */
function sheetOf(side: Side | null, size: number): string {
  if (!side) return "";
  const columns = "#everything #columns";
  return `${columns} { margin-${side === "end" ? "inline" : "block"}-end: ${size}px; overflow-x: auto; }
    ${columns} #center { min-width: 16rem; }`;
}

export function createDock(panel: HTMLElement): Dock {
  const place = reactive(rememberedPlace());
  const space = shallowRef<Space>(measure());
  const wanted = computed(() => place.side);
  const side = computed(() => sideIn(space.value, place.side));
  const limits = computed(() => limitsOf(side.value ?? "end", space.value));
  const size = computed(() => clamp(place.sizes[side.value ?? "end"] ?? limits.value.usual, limits.value));
  const sheet = new CSSStyleSheet();
  const observer = new ResizeObserver(fit);

  function masthead(): HTMLElement | null {
    return document.getElementById("masthead");
  }

  function top(): number {
    return masthead()?.getBoundingClientRect().bottom ?? 0;
  }

  function measure(): Space {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
    return { width: innerWidth, height: innerHeight - top(), rem };
  }

  function apply(): void {
    sheet.replaceSync(sheetOf(side.value, size.value));
    panel.setAttribute("side", side.value ?? "all");
    panel.style.setProperty("--communication-top", `${top()}px`);
    panel.style.setProperty("--communication-size", `${size.value}px`);
  }

  function fit(): void {
    space.value = measure();
    apply();
  }

  function show(): void {
    hide();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    fit();
    addEventListener("resize", fit);
    const bar = masthead();
    if (bar) observer.observe(bar);
  }

  function hide(): void {
    removeEventListener("resize", fit);
    observer.disconnect();
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
  }

  function move(to: Side): void {
    place.side = to;
    remember();
    apply();
  }

  function resize(to: number): void {
    if (side.value) place.sizes[side.value] = clamp(Math.round(to), limits.value);
    apply();
  }

  function remember(): void {
    rememberPlace(place);
  }

  return { side, wanted, limits, size, move, resize, remember, show, hide };
}
