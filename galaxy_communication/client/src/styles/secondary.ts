/** Of what is not seen at first; see components/secondary.ts. */
import { addStyles } from ".";
import composing from "./composing.css?inline";
import details from "./details.css?inline";
import forms from "./forms.css?inline";
import members from "./members.css?inline";
import popups from "./popups.css?inline";
import search from "./search.css?inline";

addStyles(members, forms, composing, popups, details, search);
