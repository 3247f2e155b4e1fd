/** What a connection is to the rest of the client, whichever way it takes. */
import type { ChatError } from "./errors";
import type { Ack, Payload, RequestName } from "./events";
import type { Wakes } from "./wakes";
import type {
  Notice,
  PresenceChanges,
  Ready,
  RoomEvents,
  RoomMember,
  RoomRemoved,
  RoomTyping,
  RoomUpdated,
  SilenceUpdated,
  Socket,
} from "./wire";

export type ConnectionState = "connected" | "connecting" | "offline";

/** Where the socket is, and REST for those who cannot have one. */
export interface Address extends Socket {
  /** Galaxy's, with a slash at its end. */
  root: string;
}

export interface ConnectionListener {
  state(state: ConnectionState): void;
  /** After each connect, before all events of this connection. */
  ready(ready: Ready): void;
  roomEvents(events: RoomEvents): void;
  roomUpdated(updated: RoomUpdated): void;
  roomMember(member: RoomMember): void;
  roomRemoved(removed: RoomRemoved): void;
  typing(typing: RoomTyping): void;
  presence(changes: PresenceChanges): void;
  silence(updated: SilenceUpdated): void;
  notice(notice: Notice): void;
  /** When the next attempt begins, in milliseconds since 1970; null when it has begun. */
  nextTry(at: number | null): void;
  /** Whether what is `connected` is no socket, but REST, asked every few seconds. */
  polling(on: boolean): void;
  /** The server does not want this user now; no further attempt is made. */
  refused(error: ChatError): void;
}

export interface Connection {
  request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>>;
  /** Does not wait for the next attempt. */
  tryNow(): void;
  close(): void;
}

export interface ConnectOptions {
  backoff: (attempt: number) => number;
  /** Milliseconds between attempts at a socket while REST does its work. */
  reopenPause: () => number;
  /** Milliseconds until REST is asked again, after so many times that brought nothing. */
  pollPause: (idle: number) => number;
  /** Milliseconds until an unanswered request counts as failed. */
  timeout: number;
  /** Milliseconds from the start of an attempt until the server is ready. */
  readyTimeout: number;
  /** Milliseconds in which a connection that may be dead has to answer. */
  probeTimeout: number;
  /** A worker has no page of its own to listen to. */
  wakes: Wakes;
}
