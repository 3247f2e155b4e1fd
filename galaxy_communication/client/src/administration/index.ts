/** What administrators and moderators see at `/communication/admin`, in files that only they load. */
// Where it is loaded already; else what both use would be files of their own.
import "../components/secondary";
import { addStyles } from "../styles";
import admin from "./admin.css?inline";

addStyles(admin);

export { default as texts } from "../locales/en?admin";
export { default as AdminApp } from "./AdminApp.vue";
