/**
 * Splits the catalogues of texts: what the first view says stays, what the administration says becomes `./locales/en?admin`,
 * and the rest `./locales/en?later`; both come with what says them. Which is which is read from the sources: first are the
 * keys that stand in a module which `main.ts` imports at once, and those that begin as a template there does; a template that
 * begins with a variable is refused. The administration's begin with its name. In development, and in tests, catalogues are
 * whole.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import { transformWithOxc, type Plugin } from "vite";

const CATALOGUE = /\/src\/locales\/\w+\.ts$/;
const NO_TEXTS = /\/locales\/(?:entries|masthead|translation)\.ts$/;
/** Its table names what only the sheet says, which comes later. */
const NOT_SAYING = /\/shortcuts\.ts$/;
const PART = /\?(?:later|admin)$/;
/** Neither types, nor `import()`. */
const IMPORTS = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?from\s+)?"(\.[^"]+)"/gm;

export function splitTexts(): Plugin {
  let isBuild = false;
  let isFirst: (key: string) => boolean = () => true;
  return {
    name: "communication-texts",
    enforce: "pre",
    configResolved({ command, root }) {
      isBuild = command === "build";
      if (isBuild) isFirst = saidBy(sourcesFrom(resolve(root, "src/main.ts")));
    },
    async transform(code, id) {
      const [part = ""] = PART.exec(id) ?? [];
      const file = id.slice(0, id.length - part.length);
      if (!CATALOGUE.test(file) || NO_TEXTS.test(file)) return null;
      if (!isBuild) return part ? { code: "export default {};", map: null } : null;
      const { name, texts } = await read(code, file);
      const own = Object.entries(texts).filter(([key]) => partOf(key, isFirst) === part);
      const json = JSON.stringify(Object.fromEntries(own));
      return { code: part ? `export default ${json};` : `export const ${name} = ${json};`, map: null };
    },
  };
}

function partOf(key: string, isFirst: (key: string) => boolean): string {
  if (isFirst(key)) return "";
  return key.startsWith("admin.") ? "?admin" : "?later";
}

/** Of a module, and of all that it imports at once. */
function sourcesFrom(path: string, known = new Map<string, string>()): string {
  if (known.has(path) || CATALOGUE.test(path)) return "";
  const source = readFileSync(path, "utf8");
  known.set(path, NOT_SAYING.test(path) ? "" : source);
  for (const [, name = ""] of source.matchAll(IMPORTS)) {
    const base = resolve(dirname(path), name);
    const found = [base, `${base}.ts`, `${base}/index.ts`].find((file) => /\.(?:ts|vue)$/.test(file) && existsSync(file));
    if (found) sourcesFrom(found, known);
  }
  return [...known.values()].join("\n");
}

function saidBy(sources: string): (key: string) => boolean {
  const quoted = new Set([...sources.matchAll(/["'`]([\w.]+)["'`]/g)].map(([, key]) => key));
  const [open] = /\bt\(\s*`\$\{.*/.exec(sources) ?? [];
  if (open) throw new Error(`nobody can tell which texts these are: ${open}`);
  const beginnings = [...sources.matchAll(/`(\w+\.[\w.]*)\$\{/g)].map(([, beginning = ""]) => beginning);
  return (key) => quoted.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
}

/** The one thing that a catalogue exports. */
async function read(code: string, file: string): Promise<{ name: string; texts: Record<string, unknown> }> {
  const plain = await transformWithOxc(code, file);
  const module = (await import(`data:text/javascript,${encodeURIComponent(plain.code)}`)) as Record<string, Record<string, unknown>>;
  const [[name, texts] = ["", {}]] = Object.entries(module);
  return { name, texts };
}
