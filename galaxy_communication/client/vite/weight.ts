/**
 * What browsers have to load, against its budgets: a build that weighs too much fails. The table is written down too, for
 * `python -m benchmarks.client_size` and for the browser test that compares it with what a browser requests.
 */
import { gzipSync } from "node:zlib";

import type { Plugin, Rolldown } from "vite";

const KB = 1000;
/** Of the onload script, which Galaxy sends within an answer of its own. */
const MAX_ONLOAD = 4 * KB;
/** Of these, for what the server puts into it: the root, and the name of the entry. */
const OPTIONS = 64;
/** Of all together that is loaded until a room is on screen, compressed: the worker and the largest language too. */
const MAX_FIRST_VIEW = 120 * KB;

/** What is imported later in the sources, and yet before the first room has shown. */
const AT_ONCE = ["/src/markdown/render.ts"];
/** One of these is loaded by those who read it. */
const LANGUAGE = /\/src\/locales\/\w+\.ts$/;

type Bundle = Rolldown.OutputBundle;

export function checkWeight(): Plugin {
  return {
    name: "communication-weight",
    apply: "build",
    generateBundle(_options, bundle) {
      const fail = (message: string): never => this.error(message);
      const onload = bundle["onload.js"];
      if (onload?.type === "chunk") return reject(fail, "onload.js", Buffer.byteLength(onload.code), MAX_ONLOAD - OPTIONS);
      if (bundle["entries.js"]) return; // in a few pages
      const sizes = measure(bundle);
      const language = largestLanguage(bundle, sizes);
      const firstView = namesOfFirstView(bundle, language);
      const weight = firstView.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
      this.info(`first view: ${(weight / KB).toFixed(1)} kB of ${MAX_FIRST_VIEW / KB} kB, compressed`);
      reject(fail, `the first view (${firstView.join(", ")})`, weight, MAX_FIRST_VIEW);
      const source = JSON.stringify({ maxOnload: MAX_ONLOAD, maxFirstView: MAX_FIRST_VIEW, firstView, language }, null, 2);
      this.emitFile({ type: "asset", fileName: "weight.json", source });
    },
  };
}

function reject(error: (message: string) => never, what: string, bytes: number, most: number): void {
  if (bytes > most) error(`${what} has ${bytes} bytes; ${most} is the limit`);
}

/** In bytes, compressed. */
function measure(bundle: Bundle): Map<string, number> {
  const contents = Object.values(bundle).map((file) => [file.fileName, file.type === "chunk" ? file.code : file.source] as const);
  return new Map(contents.map(([name, content]) => [name, gzipSync(content, { level: 9 }).length]));
}

/** Its chunk of the first view; English is in the entry's. */
function largestLanguage(bundle: Bundle, sizes: Map<string, number>): string {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk" && LANGUAGE.test(file.facadeModuleId ?? ""));
  return chunks.map(({ fileName }) => fileName).sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0))[0] ?? "";
}

/** The entry, all that it imports, the worker, and a language. */
function namesOfFirstView(bundle: Bundle, language: string): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
  const begin = chunks.filter(({ isEntry, facadeModuleId }) => isEntry || AT_ONCE.some((end) => facadeModuleId?.endsWith(end)));
  const names = new Set<string>();
  const add = (name: string): void => {
    const file = bundle[name];
    if (file?.type !== "chunk" || names.has(name)) return;
    names.add(name);
    file.imports.forEach(add);
  };
  for (const name of [...begin.map(({ fileName }) => fileName), language]) add(name);
  for (const name of Object.keys(bundle)) if (/\/worker-[^/]*\.js$/.test(name)) names.add(name);
  return [...names];
}
