import { io, type Socket as ClientSocket } from "socket.io-client";

import { fullJitter } from "./backoff";
import { ChatError, errorFrom, isFinal } from "./errors";
import type { Ack, Answer, ClientEvents, Payload, RequestName, ServerEvents } from "./events";
import type { Ready, RoomEvents, RoomMember, RoomRemoved, RoomUpdated, Socket } from "./wire";

/** So often is a connection tried that is refused as `disabled`. */
const PATIENCE = 5;

export type ConnectionState = "connected" | "connecting" | "offline";

export interface ConnectionListener {
  state(state: ConnectionState): void;
  /** After each connect, before all events of this connection. */
  ready(ready: Ready): void;
  roomEvents(events: RoomEvents): void;
  roomUpdated(updated: RoomUpdated): void;
  roomMember(member: RoomMember): void;
  roomRemoved(removed: RoomRemoved): void;
  /** The server does not want this user now; no further attempt is made. */
  refused(error: ChatError): void;
}

export interface Connection {
  request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>>;
  close(): void;
}

export interface ConnectOptions {
  backoff?: (attempt: number) => number;
  /** Milliseconds until an unanswered request counts as failed. */
  timeout?: number;
}

/**
 * One connection that keeps itself alive until `close()` or a refusal. `connected` is said only after `ready`, when
 * requests are possible. Listeners on `window` and `document` live as long as the connection.
 */
export function connect(address: Socket, listener: ConnectionListener, options: ConnectOptions = {}): Connection {
  const { backoff = fullJitter, timeout = 15_000 } = options;
  const socket: ClientSocket<ServerEvents, ClientEvents> = io((address.url ?? location.origin) + address.namespace, {
    path: address.path,
    transports: ["websocket"],
    withCredentials: true,
    autoConnect: false,
    forceNew: true,
    reconnection: false,
  });
  let attempts = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let state: ConnectionState = "offline";
  let farewell: ChatError | null = null;
  let refusals = 0;
  /** The server subscribes before it reads what it says in `ready`, so live events can come first. */
  let early: RoomEvents[] = [];

  function become(next: ConnectionState): void {
    if (next !== state) listener.state((state = next));
  }

  function open(): void {
    clearTimeout(retry);
    retry = undefined;
    become("connecting");
    socket.connect();
  }

  function reopenLater(retryAfter: number | null): void {
    become("connecting");
    clearTimeout(retry);
    retry = setTimeout(open, (retryAfter ?? 0) * 1000 + backoff(attempts++));
  }

  /** A laptop that wakes up, a tab that comes back: no reason to sit out the back-off. */
  function wake(): void {
    if (retry !== undefined && document.visibilityState === "visible") open();
  }

  function close(): void {
    clearTimeout(retry);
    retry = undefined;
    window.removeEventListener("online", wake);
    document.removeEventListener("visibilitychange", wake);
    socket.off();
    socket.disconnect();
    become("offline");
  }

  function giveUp(error: ChatError): void {
    close();
    listener.refused(error);
  }

  /** A server that starts says `disabled` too until it is there. */
  function refused(error: ChatError | null): void {
    const isPassing = error?.code === "disabled" && ++refusals < PATIENCE;
    if (error && isFinal(error) && !isPassing) giveUp(error);
    else reopenLater(error?.retryAfter ?? null);
  }

  socket.on("ready", (ready) => {
    attempts = refusals = 0;
    become("connected");
    listener.ready(ready);
    for (const events of early.splice(0)) listener.roomEvents(events);
  });
  socket.on("room.events", (events) => {
    if (state === "connected") listener.roomEvents(events);
    else early.push(events);
  });
  socket.on("room.updated", (updated) => listener.roomUpdated(updated));
  socket.on("room.member", (member) => listener.roomMember(member));
  socket.on("room.removed", (removed) => listener.roomRemoved(removed));
  socket.on("closed", (closed) => (farewell = errorFrom(closed)));
  socket.on("connect_error", (error: Error & { data?: unknown }) => refused(errorFrom(error.data)));
  socket.on("disconnect", () => {
    early = [];
    if (farewell && isFinal(farewell)) giveUp(farewell);
    else reopenLater(farewell?.retryAfter ?? null);
    farewell = null;
  });
  window.addEventListener("online", wake);
  document.addEventListener("visibilitychange", wake);
  open();

  return {
    close,
    async request(name, payload) {
      if (state !== "connected" || !socket.connected) throw new ChatError("disconnected", "");
      let answer: Answer<Ack<typeof name>>;
      try {
        // TypeScript cannot follow a generic name through socket.io's types.
        const emitter = socket.timeout(timeout) as unknown as { emitWithAck(...args: unknown[]): Promise<typeof answer> };
        answer = await emitter.emitWithAck(name, payload);
      } catch {
        throw new ChatError(socket.connected ? "timeout" : "disconnected", "");
      }
      if (!answer?.ok) throw errorFrom(answer) ?? new ChatError("invalid", "");
      return answer;
    },
  };
}
