/** What administrators and moderators see at `/communication/admin`, in files that only they load. */
import { addStyles } from "../styles";
import admin from "./admin.css?inline";

addStyles(admin);

export { default as texts } from "../locales/en?admin";
export { default as AdminApp } from "./AdminApp.vue";
