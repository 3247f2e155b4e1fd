/** The chat with its composer, and what one does in it. */
import { fireEvent } from "@testing-library/dom";

import { render, settled, type Options, type Rendered } from "./render";

export async function composer(options: Options = {}) {
  const rendered = await render(options);
  const box = rendered.screen.getByRole<HTMLTextAreaElement>("textbox", { name: "Message to All Chats" });
  async function type(text: string): Promise<void> {
    await fireEvent.input(box, { target: { value: text } });
    await settled();
  }
  async function press(key: KeyboardEventInit): Promise<boolean> {
    const goesOn = await fireEvent.keyDown(box, { key: "Enter", ...key });
    await settled();
    return goesOn;
  }
  return { ...rendered, box, type, press };
}

export const sent = ({ requests }: Pick<Rendered, "requests">) => requests.filter(([name]) => name === "message.send");
