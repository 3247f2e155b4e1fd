import { beforeEach, describe, expect, it } from "vitest";

import { composer } from "../../tests/composer";
import { settled } from "../../tests/render";
import { room } from "../../tests/samples";
import { galaxyItems, itemLink } from "./galaxyItems";

beforeEach(() => sessionStorage.clear());

const dataset = (id: string, name: string) => ({ id, name, hid: 1, history_content_type: "dataset", extension: "txt" });
const LINK = "[reads 1.fq](http://localhost:3000/datasets/f2db/preview)";

describe("what comes from Galaxy's history", () => {
  const links = (dropped: unknown, root = "/") => galaxyItems(JSON.stringify(dropped)).map((item) => itemLink(item, root));

  it("is linked to Galaxy's page of it, under a prefix, too", () => {
    expect(links([dataset("f2db", "reads 1.fq")])).toEqual([LINK]);
    expect(links([dataset("a1", "x")], "/galaxy/")).toEqual(["[x](http://localhost:3000/galaxy/datasets/a1/preview)"]);
    expect(links([{ ...dataset("c3", "pairs"), history_content_type: "dataset_collection" }])).toEqual([
      "[pairs](http://localhost:3000/collection/c3/edit)",
    ]);
  });

  it("may be several that were selected together", () => {
    expect(links([{ "dataset-a": dataset("a", "1"), "dataset-b": dataset("b", "2") }])).toHaveLength(2);
  });

  it("has a name in which nothing is a mark", () => {
    expect(links([dataset("a", "a_b [x](y) *z* _u_ @room\n`q`")])[0]).toMatch(
      String.raw`[a_b &#91;x&#93;(y) \*z\* \_u\_ &#64;room \`q\`](http`,
    );
  });

  it.each(["hello", "[1, 2]", "[null]", "{}", '["a"]', JSON.stringify([{ ...dataset("../x", "y") }]), JSON.stringify([{ id: "a", name: "b" }])])(
    "is not %s",
    (dropped) => expect(galaxyItems(dropped)).toEqual([]),
  );
});

describe("a drag over the room", () => {
  const CARRIED = JSON.stringify([dataset("f2db", "reads 1.fq")]);

  async function dragging(parts: { effectAllowed?: string; types?: string[]; data?: string } = {}, rooms = [room()]) {
    const shown = await composer({ rooms });
    const data = { effectAllowed: "move", types: ["text/plain"], dropEffect: "none", getData: () => parts.data ?? CARRIED, ...parts };
    /** Whether the browser goes on with it. */
    async function drag(type: string, on: Element = shown.screen.getByRole("log")): Promise<boolean> {
      const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer: data });
      const goesOn = on.dispatchEvent(event);
      await settled();
      return goesOn;
    }
    return { ...shown, data, drag };
  }

  it("of Galaxy's shows where to drop, and inserts links", async () => {
    const { drag, data, box, type, anchors } = await dragging();
    await type("look:");
    expect(await drag("dragover")).toBe(false);
    expect(data.dropEffect).toBe("move");
    expect(anchors("drop target").map(({ textContent }) => textContent)).toEqual(["Drop to link it in your message"]);
    await drag("dragleave");
    expect(anchors("drop target")).toEqual([]);
    await drag("dragover");
    expect(await drag("drop")).toBe(false);
    expect([box.value, document.activeElement, anchors("drop target")]).toEqual([`look: ${LINK}`, box, []]);
  });

  it("of anything else is the browser's", async () => {
    const { drag, anchors } = await dragging({ effectAllowed: "copyMove", types: ["text/plain", "text/html"], data: "hello" });
    expect([await drag("dragover"), await drag("drop")]).toEqual([true, true]);
    expect(anchors("drop target")).toEqual([]);
  });
});
