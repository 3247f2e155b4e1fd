import { io, type Socket as ClientSocket } from "socket.io-client";

import { fullJitter } from "./backoff";
import { ChatError, errorFrom, isFinal } from "./errors";
import type { Ack, Answer, ClientEvents, Payload, RequestName, ServerEvents } from "./events";
import { pageWakes, type Wake, type Wakes } from "./wakes";
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
  typing(typing: RoomTyping): void;
  presence(changes: PresenceChanges): void;
  silence(updated: SilenceUpdated): void;
  notice(notice: Notice): void;
  /** When the next attempt begins, in milliseconds since 1970; null when it has begun. */
  nextTry(at: number | null): void;
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
  /** Milliseconds until an unanswered request counts as failed. */
  timeout: number;
  /** Milliseconds from the start of an attempt until the server is ready. */
  readyTimeout: number;
  /** Milliseconds in which a connection that may be dead has to answer. */
  probeTimeout: number;
  /** A worker has no page of its own to listen to. */
  wakes: Wakes;
}

const DEFAULTS: ConnectOptions = {
  backoff: fullJitter,
  timeout: 15_000,
  readyTimeout: 30_000,
  probeTimeout: 5_000,
  wakes: pageWakes,
};

/** A connection that keeps itself alive until `close()` or a refusal. */
export function connect(address: Socket, listener: ConnectionListener, options: Partial<ConnectOptions> = {}): Connection {
  const connection = new LivingConnection(address, listener, { ...DEFAULTS, ...options });
  connection.open();
  return connection;
}

/** `connected` is said only after `ready`, when requests are possible. It listens for wakes as long as it lives. */
class LivingConnection implements Connection {
  private readonly socket: ClientSocket<ServerEvents, ClientEvents>;
  private state: ConnectionState = "offline";
  private attempts = 0;
  private refusals = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private isProbing = false;
  private farewell: ChatError | null = null;
  /**
   * The server subscribes before it reads what it says in `ready`, so live events can come first. (Who comes and goes is
   * not among them: that is counted in what `ready` says.)
   */
  private early: (() => void)[] = [];
  private readonly stopWakes: () => void;

  constructor(
    address: Socket,
    private readonly listener: ConnectionListener,
    private readonly options: ConnectOptions,
  ) {
    this.socket = io((address.url ?? location.origin) + address.namespace, {
      path: address.path,
      transports: ["websocket"],
      withCredentials: true,
      autoConnect: false,
      forceNew: true,
      reconnection: false,
    });
    this.listen();
    this.stopWakes = options.wakes((wake) => this.woken(wake));
  }

  open(): void {
    clearTimeout(this.retry);
    this.retry = undefined;
    this.become("connecting");
    this.listener.nextTry(null);
    this.deadline = setTimeout(() => this.abandon(), this.options.readyTimeout);
    this.socket.connect();
  }

  tryNow(): void {
    if (this.retry !== undefined) this.open();
  }

  close(): void {
    this.stopTimers();
    this.stopWakes();
    this.early = [];
    this.socket.off();
    this.socket.disconnect();
    this.become("offline");
  }

  async request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    try {
      return await this.ask(name, payload, this.options.timeout);
    } catch (error) {
      if (isTimeout(error)) void this.probe();
      throw error;
    }
  }

  private async ask<Name extends RequestName>(name: Name, payload: Payload<Name>, timeout: number): Promise<Ack<Name>> {
    if (this.state !== "connected") throw new ChatError("disconnected", "");
    let answer: Answer<Ack<Name>>;
    try {
      // TypeScript cannot follow a generic name through socket.io's types.
      const emitter = this.socket.timeout(timeout) as unknown as {
        emitWithAck(...args: unknown[]): Promise<Answer<Ack<Name>>>;
      };
      answer = await emitter.emitWithAck(name, payload);
    } catch {
      throw new ChatError(this.socket.connected ? "timeout" : "disconnected", "");
    }
    if (!answer?.ok) throw errorFrom(answer) ?? new ChatError("invalid", "");
    return answer;
  }

  private listen(): void {
    const { socket, listener } = this;
    socket.on("ready", (ready) => this.ready(ready));
    socket.on("room.events", (events) => this.whenReady(() => listener.roomEvents(events)));
    socket.on("room.updated", (updated) => this.whenReady(() => listener.roomUpdated(updated)));
    socket.on("room.member", (member) => listener.roomMember(member));
    socket.on("room.removed", (removed) => this.whenReady(() => listener.roomRemoved(removed)));
    socket.on("room.typing", (typing) => this.whenReady(() => listener.typing(typing)));
    socket.on("presence", (changes) => this.whenReady(() => listener.presence(changes)));
    socket.on("silence", (updated) => this.whenReady(() => listener.silence(updated)));
    socket.on("notice", (notice) => this.whenReady(() => listener.notice(notice)));
    socket.on("closed", (closed) => (this.farewell = errorFrom(closed)));
    socket.on("connect_error", (error: Error & { data?: unknown }) => this.refused(errorFrom(error.data)));
    socket.on("disconnect", () => this.lost());
  }

  private ready(ready: Ready): void {
    this.stopTimers();
    this.attempts = this.refusals = 0;
    this.become("connected");
    this.listener.ready(ready);
    for (const tell of this.early.splice(0)) tell();
  }

  private whenReady(tell: () => void): void {
    if (this.state === "connected") tell();
    else this.early.push(tell);
  }

  private lost(): void {
    const { farewell } = this;
    this.farewell = null;
    this.early = [];
    // socket.io would send on the next connection, before it is ready, what a dying one did not take.
    this.socket.sendBuffer.length = 0;
    if (farewell && isFinal(farewell)) this.giveUp(farewell);
    else this.reopenLater(farewell?.retryAfter ?? null);
  }

  /** A server that starts says `disabled` too until it is there. */
  private refused(error: ChatError | null): void {
    const isStarting = error?.code === "disabled" && ++this.refusals < PATIENCE;
    if (error && isFinal(error) && !isStarting) this.giveUp(error);
    else this.reopenLater(error?.retryAfter ?? null);
  }

  private giveUp(error: ChatError): void {
    this.close();
    this.listener.refused(error);
  }

  private reopenLater(retryAfter: number | null): void {
    this.stopTimers();
    this.become("connecting");
    const delay = (retryAfter ?? 0) * 1000 + this.options.backoff(this.attempts++);
    this.retry = setTimeout(() => this.open(), delay);
    this.listener.nextTry(Date.now() + delay);
  }

  /** Ends a connection, or the attempt at one, that does not answer. Before it is connected, a socket ends silently. */
  private abandon(): void {
    const { connected } = this.socket;
    this.socket.disconnect();
    if (!connected) this.lost();
  }

  private woken(wake: Wake): void {
    const isConnected = this.state === "connected";
    if (wake === "offline") return isConnected ? this.abandon() : undefined;
    if (isConnected) return void this.probe();
    // An attempt that began without a network can hang for long.
    if (wake === "online" && this.retry === undefined) this.abandon();
    this.tryNow();
  }

  /**
   * A laptop that slept, a server whose cable was pulled: such a connection looks alive until the server's next ping is
   * overdue. (Where it is already, socket.io ends the connection at any attempt to send.)
   */
  private async probe(): Promise<void> {
    if (this.isProbing) return;
    this.isProbing = true;
    try {
      await this.ask("sync", { rooms: {} }, this.options.probeTimeout);
    } catch (error) {
      if (isTimeout(error)) this.abandon();
      this.tryNow();
    } finally {
      this.isProbing = false;
    }
  }

  private stopTimers(): void {
    clearTimeout(this.retry);
    clearTimeout(this.deadline);
    this.retry = undefined;
  }

  private become(next: ConnectionState): void {
    if (next !== this.state) this.listener.state((this.state = next));
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ChatError && error.code === "timeout";
}
