import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { createDock, limitsOf, sideIn, type Dock, type Space } from "./dock";

const space = (width: number, height: number): Space => ({ width, height, rem: 16 });

describe("the limits", () => {
  it.each([
    ["end", space(1300, 760), { min: 320, max: 780, usual: 351 }],
    ["end", space(2500, 760), { min: 320, max: 1500, usual: 400 }],
    ["end", space(700, 760), { min: 320, max: 380, usual: 320 }],
    ["bottom", space(1300, 760), { min: 224, max: 456, usual: 319 }],
    ["bottom", space(1300, 420), { min: 224, max: 228, usual: 224 }],
  ] as const)("at the %s of %o", (side, given, limits) => expect(limitsOf(side, given)).toEqual(limits));
});

describe("the side", () => {
  it.each([
    ["is the one that is wanted", space(1300, 760), "bottom", "bottom"],
    ["is the end of a low window", space(800, 360), "bottom", "end"],
    ["is the bottom where a large font leaves no room beside", { width: 760, height: 760, rem: 20 }, "end", "bottom"],
    ["is none in a narrow window", space(699, 760), "bottom", null],
    ["is none where there is room for one only", { width: 760, height: 360, rem: 20 }, "end", null],
  ] as const)("%s", (_case, given, wanted, side) => expect(sideIn(given, wanted)).toBe(side));
});

describe("a docked panel", () => {
  let dock: Dock | undefined;
  const panel = document.createElement("div");

  beforeEach(() => {
    localStorage.clear();
    resizeWindow(1300, 800);
  });
  afterEach(() => dock?.hide());

  function resizeWindow(width: number, height: number): void {
    vi.stubGlobal("innerWidth", width);
    vi.stubGlobal("innerHeight", height);
    dispatchEvent(new Event("resize"));
  }

  function shown(): Dock {
    dock?.hide();
    dock = createDock(panel);
    dock.show();
    return dock;
  }

  const rules = () => document.adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map(({ cssText }) => cssText)).join("");
  const size = () => panel.style.getPropertyValue("--communication-size");

  it("makes room at its side, and gives it back", () => {
    const { move, hide } = shown();
    expect(rules()).toContain("margin-inline-end: 351px");
    expect([panel.getAttribute("side"), size()]).toEqual(["end", "351px"]);
    move("bottom");
    expect(rules()).toContain("margin-block-end: 336px");
    expect([panel.getAttribute("side"), size()]).toEqual(["bottom", "336px"]);
    hide();
    expect(document.adoptedStyleSheets).toHaveLength(0);
  });

  it("is not shown twice", () => {
    shown().show();
    expect(document.adoptedStyleSheets).toHaveLength(1);
  });

  it("has a size for each side, kept within the limits, and both are remembered once chosen", () => {
    const first = shown();
    first.resize(5000);
    expect(first.size.value).toBe(780);
    first.resize(500);
    expect(createDock(panel).size.value).toBe(351);
    first.remember();
    first.move("bottom");
    first.resize(10);
    expect(size()).toBe("224px");
    first.resize(300);
    first.remember();
    const second = shown();
    expect([second.side.value, second.size.value]).toEqual(["bottom", 300]);
    second.move("end");
    expect(second.size.value).toBe(500);
  });

  it("gives way to Galaxy in a smaller window, and comes back in a larger one", () => {
    const { resize, size: chosen, side } = shown();
    resize(700);
    resizeWindow(900, 800);
    expect(chosen.value).toBe(540);
    resizeWindow(600, 800);
    expect(side.value).toBeNull();
    expect(rules()).toBe("");
    expect(panel.getAttribute("side")).toBe("all");
    resizeWindow(1300, 800);
    expect([side.value, chosen.value]).toEqual(["end", 700]);
  });
});
