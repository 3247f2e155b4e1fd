/**
 * The script of the SharedWorker. Its address, with Galaxy's root and a hash in it, is what tabs share it by: each Galaxy
 * and each release has its own. The browser ends it with the last page that has used it.
 */
import { Hub } from "./hub";

const hub = new Hub();

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports: [port] }) => {
  if (port) hub.add(port);
};
