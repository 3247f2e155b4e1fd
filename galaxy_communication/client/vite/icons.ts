/**
 * Font Awesome keeps all icons in one module, so all that the chat has would be loaded with the first of them. Each gets a
 * module of its own, and comes with who shows it; what only Font Awesome's own code reads is left out.
 */
import * as icons from "@fortawesome/free-solid-svg-icons";
import type { Plugin } from "vite";

const LIST = "/src/components/icons.ts";
const PREFIX = "\0icon:";

export function splitIcons(): Plugin {
  return {
    name: "communication-icons",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(LIST)) return null;
      const names = code.match(/\bfa[A-Z]\w*/g) ?? [];
      return { code: names.map((name) => `export { ${name} } from "${PREFIX}${name}";`).join("\n"), map: null };
    },
    resolveId: (source) => (source.startsWith(PREFIX) ? source : null),
    load(id) {
      if (!id.startsWith(PREFIX)) return null;
      const name = id.slice(PREFIX.length);
      const definition = (icons as unknown as Record<string, icons.IconDefinition | undefined>)[name];
      if (!definition) this.error(`Font Awesome has no icon ${name}`);
      const { iconName, icon } = definition;
      const [width, height, , , path] = icon;
      return `export const ${name} = ${JSON.stringify({ iconName, icon: [width, height, [], "", path] })};`;
    },
  };
}
