/** The server puts `{"root": ..., "entry": ...}` in its place, in the text of the built onload.js. */
declare const __GALAXY_COMMUNICATION__: { root: string; entry: string };

/** The rest of a catalogue, see vite/texts.ts. */
declare module "*?later" {
  import type { Catalogue } from "./i18n";

  const texts: Catalogue;
  export default texts;
}

declare module "*?admin" {
  import type { Catalogue } from "./i18n";

  const texts: Catalogue;
  export default texts;
}
