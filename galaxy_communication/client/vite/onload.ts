import type { Plugin } from "vite";

const PLACEHOLDER = "__GALAXY_COMMUNICATION__";

/** The server replaces the placeholder in the text of onload.js, so it has to be there exactly once after minifying. */
export function checkOnload(): Plugin {
  return {
    name: "communication-onload",
    apply: "build",
    generateBundle(_options, bundle) {
      const script = bundle["onload.js"];
      if (script?.type !== "chunk") return;
      const places = script.code.split(PLACEHOLDER).length - 1;
      if (places !== 1) this.error(`onload.js has the placeholder ${places} times instead of once`);
      if (script.imports.length > 0) this.error("onload.js has to stand alone");
    },
  };
}
