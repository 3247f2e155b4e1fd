/** What blocks of a rendered message need beyond their markup. */
import { t } from "../i18n";
import { copyText } from "./clipboard";

/** Milliseconds for which the button says what it did. */
const SAID = 2_000;

/** What may be wider than the message scrolls within; also by keys, in browsers that do not offer that by themselves. */
export function letScroll(content: DocumentFragment): void {
  for (const block of content.querySelectorAll<HTMLElement>("pre, .table, .math.display")) block.tabIndex = 0;
}

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
