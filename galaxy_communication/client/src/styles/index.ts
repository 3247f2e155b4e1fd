import access from "./access.css?inline";
import actions from "./actions.css?inline";
import base from "./base.css?inline";
import composer from "./composer.css?inline";
import markdown from "./markdown.css?inline";
import messages from "./messages.css?inline";
import panel from "./panel.css?inline";
import people from "./people.css?inline";
import rooms from "./rooms.css?inline";
import states from "./states.css?inline";
import tabs from "./tabs.css?inline";
import unread from "./unread.css?inline";

const texts = [base, panel, rooms, tabs, people, messages, actions, markdown, composer, unread, states, access];

let sheet: CSSStyleSheet | undefined;

/** One constructed sheet for all elements: no style tag, which a strict Content-Security-Policy would refuse. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(texts.join("\n"));
  }
  return sheet;
}

/** For what is loaded later, and brings its own; what overrules others stays the last. */
export function addStyles(...more: string[]): void {
  texts.splice(-1, 0, ...more);
  sheet?.replaceSync(texts.join("\n"));
}
