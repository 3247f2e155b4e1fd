/** Gives each block of code in a rendered message a button that copies it. */
import { t } from "../i18n";
import { copyText } from "./clipboard";

/** Milliseconds for which the button says what it did. */
const SAID = 2_000;

export function addCopyButtons(content: DocumentFragment): void {
  for (const block of content.querySelectorAll("pre")) {
    const frame = document.createElement("div");
    frame.className = "code-block";
    block.replaceWith(frame);
    frame.append(block, copyButton(block.textContent ?? ""));
  }
}

function copyButton(code: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small code-copy";
  button.textContent = t("markdown.copy");
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => void copy(button, code));
  return button;
}

async function copy(button: HTMLButtonElement, code: string): Promise<void> {
  button.textContent = t((await copyText(code)) ? "markdown.copied" : "markdown.notCopied");
  setTimeout(() => (button.textContent = t("markdown.copy")), SAID);
}
