import { readdirSync, readFileSync } from "node:fs";

import { expect, it } from "vitest";

const FOLDER = "src/styles";
const sheets = readdirSync(FOLDER).filter((name) => name.endsWith(".css"));

/** Centred, placed by a script from the window's left, or chosen by who wrote the table. */
const MEANT = [/^left: 50%$/, /^inset: 0 auto auto 0$/, /^text-align: right$/];

const PHYSICAL = /^(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b|(?:left|right):|(?:float|clear|text-align): (?:left|right)|border-(?:top|bottom)-(?:left|right)-radius)/;

/** "top right bottom left", where right and left differ. */
function isLopsided(declaration: string): boolean {
  const [, values] = /^(?:margin|padding|inset|border-width|border-radius): ([^;]+)$/.exec(declaration) ?? [];
  const [, right, , left] = values?.match(/(?:[^\s(]|\([^)]*\))+/g) ?? [];
  return left !== undefined && left !== right;
}

it.each(sheets)("%s says start and end, not left and right", (name) => {
  const sheet = readFileSync(`${FOLDER}/${name}`, "utf8");
  const declarations = sheet.replace(/\/\*[\s\S]*?\*\//g, "").split(/[{};]/).map((part) => part.trim().replace(/\s+/g, " "));
  const wrong = declarations.filter((one) => (PHYSICAL.test(one) || isLopsided(one)) && !MEANT.some((meant) => meant.test(one)));
  expect(wrong).toEqual([]);
});
