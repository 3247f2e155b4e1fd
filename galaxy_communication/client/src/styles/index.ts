import base from "./base.css?inline";
import composer from "./composer.css?inline";
import messages from "./messages.css?inline";
import panel from "./panel.css?inline";
import rooms from "./rooms.css?inline";

let sheet: CSSStyleSheet | undefined;

/** One constructed sheet for all elements: no style tag, which a strict Content-Security-Policy would refuse. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync([base, panel, rooms, messages, composer].join("\n"));
  }
  return sheet;
}
