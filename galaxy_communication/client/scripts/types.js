// Writes src/api/wire.ts from the JSON schema of the Python models, read from stdin or from a file:
//   python -m galaxy_communication.events | npm run types
// With --check it writes nothing and fails when the file is not what would be written.
import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { compile } from "json-schema-to-typescript";

const TARGET = new URL("../src/api/wire.ts", import.meta.url);
const BANNER = `// Generated from galaxy_communication/schemas.py by "npm run types"; do not edit.`;

/** Titles of fields would each become a type of their own; only the models' names are wanted. */
function withoutFieldTitles(node) {
  if (Array.isArray(node)) return node.map(withoutFieldTitles);
  if (node === null || typeof node !== "object") return node;
  const isTitle = (key) => key === "title" && typeof node.title === "string";
  return Object.fromEntries(
    Object.entries(node)
      .filter(([key]) => !isTitle(key))
      .map(([key, value]) => [key, withoutFieldTitles(value)]),
  );
}

/** pydantic leaves extra fields of what the server sends open, but nothing here reads a field that has no name. */
function closed(definitions) {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, model]) => [
      name,
      { ...withoutFieldTitles(model), ...(model.type === "object" && { additionalProperties: false }) },
    ]),
  );
}

const file = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
// Not readFileSync(0): it fails while a pipe is still empty.
const schema = JSON.parse(file ? readFileSync(file, "utf8") : await text(process.stdin));
const generated = await compile({ $defs: closed(schema.$defs), additionalProperties: false }, "Wire", {
  additionalProperties: false,
  bannerComment: BANNER,
  format: true,
  ignoreMinAndMaxItems: true,
  style: { printWidth: 120 },
  unreachableDefinitions: true,
});
const code = generated
  .replace("export interface Wire {}\n", "")
  .replaceAll(/\/\*\*\n \* This interface was referenced by .*\n \* via .*\n \*\/\n/g, "")
  .replaceAll(/ \*\n \* This interface was referenced by .*\n \* via .*\n/g, "");

if (!process.argv.includes("--check")) {
  writeFileSync(TARGET, code);
} else if (readFileSync(TARGET, "utf8") !== code) {
  console.error("src/api/wire.ts is not what the Python models give: python -m galaxy_communication.events | npm run types");
  process.exitCode = 1;
}
