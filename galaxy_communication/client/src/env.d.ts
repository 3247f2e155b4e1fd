/** The server puts `{"root": ..., "entry": ...}` in its place, in the text of the built onload.js. */
declare const __GALAXY_COMMUNICATION__: { root: string; entry: string };
