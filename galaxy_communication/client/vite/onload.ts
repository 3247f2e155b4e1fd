import type { Plugin } from "vite";

const PLACEHOLDER = "__GALAXY_COMMUNICATION__";
const MAX_BYTES = 4096;

/** The server replaces the placeholder in the text of onload.js, so it has to be there exactly once after minifying. */
export function checkOnload(): Plugin {
  return {
    name: "communication-onload",
    apply: "build",
    generateBundle(_options, bundle) {
      const script = bundle["onload.js"];
      if (script?.type !== "chunk") return;
      const places = script.code.split(PLACEHOLDER).length - 1;
      const bytes = new TextEncoder().encode(script.code).length;
      if (places !== 1) this.error(`onload.js has the placeholder ${places} times instead of once`);
      if (bytes > MAX_BYTES) this.error(`onload.js has ${bytes} bytes; every page of Galaxy carries it, ${MAX_BYTES} is the limit`);
      if (script.imports.length > 0) this.error("onload.js has to stand alone");
    },
  };
}
