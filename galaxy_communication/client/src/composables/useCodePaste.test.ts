import { beforeEach, expect, it } from "vitest";

import { composer } from "../../tests/composer";
import { settled } from "../../tests/render";

beforeEach(() => sessionStorage.clear());

const CODE = "for x in y:\r\n    print(x)\r\n";
const BLOCK = "```\nfor x in y:\n    print(x)\n```\n";

async function pasting(text: string, caret = text.length) {
  const shown = await composer();
  await shown.type(text);
  shown.box.setSelectionRange(caret, caret);
  /** Whether the browser pastes it itself. */
  async function paste(pasted: string): Promise<boolean> {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.assign(event, { clipboardData: { getData: (type: string) => (type === "text/plain" ? pasted : "") } });
    const goesOn = shown.box.dispatchEvent(event);
    await settled();
    return goesOn;
  }
  return { ...shown, paste };
}

it("code becomes a block on lines of its own", async () => {
  const { box, paste, screen } = await pasting("see here", 4);
  expect(await paste(CODE)).toBe(false);
  expect(box.value).toBe(`see \n${BLOCK}here`);
  screen.getByText("Pasted as code.");
});

it("and is plain again for those who want it so", async () => {
  const { box, paste, screen } = await pasting("see here", 4);
  await paste(CODE);
  screen.getByRole("button", { name: "Make it plain text" }).click();
  await settled();
  expect(box.value).toBe("see for x in y:\n    print(x)\nhere");
  expect(screen.queryByText("Pasted as code.")).toBeNull();
});

it("what is changed afterwards is one's own", async () => {
  const { paste, type, screen } = await pasting("");
  await paste(CODE);
  await type("something else");
  expect(screen.queryByText("Pasted as code.")).toBeNull();
});

it("prose, what goes into a block, and what is to be plain are left to the browser", async () => {
  const { paste, type, press, box } = await pasting("");
  expect(await paste("Hello,\nhow are you?")).toBe(true);
  await type("```\n");
  box.setSelectionRange(4, 4);
  expect(await paste(CODE)).toBe(true);
  await type("");
  await press({ key: "V", ctrlKey: true, shiftKey: true });
  expect(await paste(CODE)).toBe(true);
  expect(await paste(CODE)).toBe(false);
});
