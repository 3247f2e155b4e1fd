/** What one drags from Galaxy's history, as links to Galaxy's own pages of it. */

interface Item {
  id: string;
  name: string;
  history_content_type: "dataset" | "dataset_collection";
}

/** Paths of Galaxy's client, below its root; they are the same in all supported releases. */
const PAGES: Record<Item["history_content_type"], (id: string) => string> = {
  dataset: (id) => `datasets/${id}/preview`,
  dataset_collection: (id) => `collection/${id}/edit`,
};
/** More would not fit into a message. */
const MOST = 20;

/** A drag tells what it carries only when it is dropped; before, Galaxy's is known by its one type and its effect. */
export function maySuitGalaxy({ types, effectAllowed }: DataTransfer): boolean {
  return effectAllowed === "move" && types.length === 1 && types[0] === "text/plain";
}

/** A list of items, or of one object that holds those which were selected together. Anything else is none of Galaxy's. */
export function galaxyItems(dropped: string): Item[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(dropped);
  } catch {
    return [];
  }
  if (!Array.isArray(parsed)) return [];
  return parsed
    .flatMap((one: unknown) => (isItem(one) || typeof one !== "object" || one === null ? [one] : Object.values(one)))
    .filter(isItem)
    .slice(0, MOST);
}

function isItem(value: unknown): value is Item {
  const { id, name, history_content_type: type } = (value ?? {}) as Partial<Record<keyof Item, unknown>>;
  return typeof id === "string" && /^\w+$/.test(id) && typeof name === "string" && typeof type === "string" && type in PAGES;
}

/** @param root Galaxy's root, with a slash at its end. */
export function itemLink({ id, name, history_content_type: type }: Item, root: string): string {
  const address = new URL(PAGES[type](id), new URL(root, location.origin)).href;
  return `[${escaped(name)}](${address})`;
}

/**
 * A name is only letters: nothing in it is a mark of markdown, and an `@` addresses nobody. What a backslash would make the
 * mark of a formula is written as a number.
 */
function escaped(name: string): string {
  const line = name.replace(/\s+/g, " ").trim();
  const plain = line.replace(/[\\`*~[\]<&$@]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, (sign) =>
    "\\[]@".includes(sign) ? `&#${sign.charCodeAt(0)};` : `\\${sign}`,
  );
  return plain || "?";
}
