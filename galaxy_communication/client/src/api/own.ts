/** The connection of a tab that has to help itself. That is rare, so what speaks to the server is loaded only then. */
import { persist } from "./backoff";
import type { Address, Connection, ConnectionListener } from "./connection";
import { ChatError } from "./errors";
import type { connect } from "./socket";

interface Module {
  connect: typeof connect;
}

export function connectOwn(
  address: Address,
  listener: ConnectionListener,
  load: () => Promise<Module> = () => import("./socket"),
): Connection {
  let connection: Connection | null = null;
  let isClosed = false;
  const loadOrFail = (): Promise<Module> => load().catch(() => Promise.reject(new ChatError("unavailable", "")));

  async function open(): Promise<void> {
    const module = await persist(loadOrFail, Infinity);
    if (!isClosed) connection = module.connect(address, listener);
  }

  listener.state("connecting");
  void open();
  return {
    async request(name, payload) {
      if (!connection) throw new ChatError("disconnected", "");
      return connection.request(name, payload);
    },
    tryNow: () => connection?.tryNow(),
    close() {
      isClosed = true;
      if (connection) connection.close();
      else listener.state("offline");
    },
  };
}
