/** Of what is not seen at first; see components/secondary.ts. */
import { addStyles } from ".";
import details from "./details.css?inline";
import search from "./search.css?inline";

addStyles(details, search);
