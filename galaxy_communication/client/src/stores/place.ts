/** Where the docked panel is and how large one has made it. A browser remembers it, unlike what a tab remembers. */
export type Side = "end" | "bottom";

export interface Place {
  side: Side;
  /** Pixels that one has chosen, for each side; none before one has. */
  sizes: Partial<Record<Side, number>>;
}

const KEY = "galaxy-communication-place";

/** Without storage, or with something else in it, the panel is where it is at first. */
export function rememberedPlace(): Place {
  try {
    const { side, sizes } = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Place>;
    const known: Place["sizes"] = {};
    for (const each of ["end", "bottom"] as const) {
      const size = sizes?.[each];
      if (Number.isFinite(size)) known[each] = size as number;
    }
    return { side: side === "bottom" ? "bottom" : "end", sizes: known };
  } catch {
    return { side: "end", sizes: {} };
  }
}

export function rememberPlace(place: Place): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(place));
  } catch {
    // Private mode, or no room: the panel moves all the same.
  }
}
