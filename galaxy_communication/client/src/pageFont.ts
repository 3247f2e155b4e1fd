/** Galaxy's font for a page of our own: in Galaxy's page it is there, but its files have other names in every release. */
import latin from "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-400-normal.woff2?url";
import latinBold from "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-700-normal.woff2?url";
import extended from "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-ext-400-normal.woff2?url";
import extendedBold from "@fontsource/atkinson-hyperlegible/files/atkinson-hyperlegible-latin-ext-700-normal.woff2?url";
import ranges from "@fontsource/atkinson-hyperlegible/unicode.json";

const FAMILY = "Atkinson Hyperlegible";

function face(url: string, weight: string, unicodeRange: string): FontFace {
  return new FontFace(FAMILY, `url(${JSON.stringify(url)})`, { weight, unicodeRange, display: "swap" });
}

/** A browser loads each file when there is a letter for it to show. */
export function addGalaxysFont(): void {
  for (const one of [
    face(latin, "400", ranges.latin),
    face(latinBold, "700", ranges.latin),
    face(extended, "400", ranges["latin-ext"]),
    face(extendedBold, "700", ranges["latin-ext"]),
  ])
    document.fonts.add(one);
}
