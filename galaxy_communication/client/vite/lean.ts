/**
 * Leaves out of libraries what they bring and the chat never calls, where nothing smaller of them can be imported. Each cut
 * has to be found, so that a library's next release cannot quietly bring it all back.
 */
import type { Plugin } from "vite";

interface Cut {
  file: string;
  /** Each is there once. */
  parts: [find: RegExp, put: string][];
}

const CUTS: Cut[] = [
  {
    // HTML and typography are switched off; addresses are the browser's own to write (src/markdown/parser.ts).
    file: "/markdown-it/dist/markdown-it.mjs",
    parts: [
      [/\n\t\["replacements", \w+\],\n\t\["smartquotes", \w+\],/, ""],
      [/\n\t\["html_inline", \w+\],/, ""],
      [/\n\t\[\n\t\t"html_block",[^\]]*\]\n\t\],/, ""],
      [/\nvar html_blocks_default = [^]*?\n\];/, ""],
      [/\nvar open_tag = [^]*?\nvar HTML_SEQUENCES = [^]*?\n\];/, ""],
      [/\n\tzero: \{[^]*?\n\t\},\n\tcommonmark: \{[^]*?\n\t\}(?=\n\};)/, ""],
      [/\n\tnormalizeLink\(url\) \{[^]*?\n\t\}/, ""],
      [/\n\tnormalizeLinkText\(url\) \{[^]*?\n\t\}/, ""],
      [/\nvar lib = \{[^}]*\};/, "\nvar lib = {};"],
    ],
  },
  {
    // The chat speaks WebSocket and nothing else (src/api/socket.ts).
    file: "/engine.io-client/build/esm/transports/index.js",
    parts: [[/^[^]+$/, 'import { WS } from "./websocket.node.js";\nexport const transports = { websocket: WS };']],
  },
  {
    // So there is nothing that a connection could be upgraded to.
    file: "/engine.io-client/build/esm/socket.js",
    parts: [[/\n    _probe\(name\) \{[^]*?\n    \}\n/, "\n    _probe() {}\n"]],
  },
];

/** They only define something, and can go with what is cut; their packages do not say so. */
const DEFINITIONS = /\/node_modules\/(?:engine\.io-client\/build\/esm\/transports|mdurl|punycode\.js)\//;

/** What markdown-it imports, and the chat has in less. */
const INSTEAD = ["entities", "linkify-it", "uc.micro"];

export function lean(): Plugin {
  return {
    name: "communication-lean",
    enforce: "pre",
    resolveId(source, importer) {
      if (!INSTEAD.includes(source) || !importer?.includes("/markdown-it/")) return null;
      return this.resolve(`/src/markdown/instead/${source}.ts`, importer);
    },
    load(id) {
      // Nothing is preloaded: there are no style sheets, and `modulePreload` is off.
      return id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null;
    },
    transform(code, id) {
      if (DEFINITIONS.test(id)) return { code: cut(code, id), map: null, moduleSideEffects: false };
      return id.includes("/node_modules/") ? { code: cut(code, id), map: null } : null;
    },
  };
}

function cut(code: string, id: string): string {
  for (const { file, parts } of CUTS) {
    if (!id.endsWith(file)) continue;
    for (const [find, put] of parts) {
      if (code.split(find).length !== 2) throw new Error(`${file} has changed: ${find} is not there once`);
      code = code.replace(find, put);
    }
  }
  return code;
}
