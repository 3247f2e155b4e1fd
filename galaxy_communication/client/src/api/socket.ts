import { io, type Socket as ClientSocket } from "socket.io-client";

import { fullJitter } from "./backoff";
import type { Address, Connection, ConnectionListener, ConnectionState, ConnectOptions } from "./connection";
import { ChatError, errorFrom, isFinal } from "./errors";
import type { Ack, Answer, ClientEvents, Payload, RequestName, ServerEvents } from "./events";
import type { RestConnection } from "./polling";
import { pageWakes, type Wake } from "./wakes";
import type { Ready } from "./wire";

/** So often is a connection tried that is refused as `disabled`. */
const PATIENCE = 5;
/** So many attempts in a row that reach no server, and REST is asked whether it does. */
const UNOPENED = 3;

const DEFAULTS: ConnectOptions = {
  backoff: fullJitter,
  reopenPause: () => 30_000 + 30_000 * Math.random(),
  pollPause: (idle) => Math.min(3_000 * 1.3 ** idle, 30_000) * (0.75 + Math.random() / 2),
  timeout: 15_000,
  readyTimeout: 30_000,
  probeTimeout: 5_000,
  wakes: pageWakes,
};

/** A connection that keeps itself alive until `close()` or a refusal. */
export function connect(address: Address, listener: ConnectionListener, options: Partial<ConnectOptions> = {}): Connection {
  const connection = new LivingConnection(address, listener, { ...DEFAULTS, ...options });
  connection.open();
  return connection;
}

/** `connected` is said only after `ready`, when requests are possible. It listens for wakes as long as it lives. */
class LivingConnection implements Connection {
  private readonly socket: ClientSocket<ServerEvents, ClientEvents>;
  private state: ConnectionState = "offline";
  /** The socket is, and its `ready` has come. */
  private isReady = false;
  private rest: RestConnection | null = null;
  private attempts = 0;
  /** Attempts in a row of which the server has heard nothing, the one under way among them. */
  private unopened = 0;
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
    private readonly address: Address,
    private readonly listener: ConnectionListener,
    private readonly options: ConnectOptions,
  ) {
    this.socket = io((address.url ?? location.origin) + address.namespace, {
      path: address.path,
      transports: ["websocket"],
      tryAllTransports: true,
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
    this.unopened += 1;
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
    this.stopPolling();
    this.isReady = false;
    this.early = [];
    this.socket.off();
    this.socket.disconnect();
    this.become("offline");
  }

  async request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    if (this.rest) return this.rest.request(name, payload);
    try {
      return await this.ask(name, payload, this.options.timeout);
    } catch (error) {
      if (isTimeout(error)) void this.probe();
      throw error;
    }
  }

  private async ask<Name extends RequestName>(name: Name, payload: Payload<Name>, timeout: number): Promise<Ack<Name>> {
    if (!this.isReady) throw new ChatError("disconnected", "");
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
    socket.io.on("open", () => (this.unopened = 0));
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
    this.isReady = true;
    this.stopPolling();
    this.become("connected");
    this.listener.ready(ready);
    for (const tell of this.early.splice(0)) tell();
  }

  private whenReady(tell: () => void): void {
    if (this.isReady) tell();
    else this.early.push(tell);
  }

  private lost(): void {
    const { farewell } = this;
    this.farewell = null;
    this.isReady = false;
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
    // A server that names a time has chosen it among those of all others.
    const attempt = retryAfter === null ? this.attempts++ : 0;
    const pause = this.rest ? this.options.reopenPause() : this.options.backoff(attempt);
    const delay = (retryAfter ?? 0) * 1000 + pause;
    this.retry = setTimeout(() => this.open(), delay);
    this.listener.nextTry(Date.now() + delay);
    if (!this.rest && this.unopened >= UNOPENED) void this.findAnotherWay();
  }

  /** No WebSocket reached the server. The next attempt is also made with long polling, where that works; else REST is tried. */
  private async findAnotherWay(): Promise<void> {
    const { opts } = this.socket.io;
    const isOffered = this.address.transports.includes("polling") && this.unopened === UNOPENED;
    if (!isOffered) return this.poll();
    const loaded = await import("./longPolling").catch(() => null);
    if (loaded) opts.transports = loaded.transports;
  }

  /** Where REST reaches the server and no WebSocket does, as some proxies have it. Attempts at a socket go on meanwhile. */
  private async poll(): Promise<void> {
    try {
      const { RestConnection } = await import("./polling");
      const rest = new RestConnection(this.address.root, this.listener, (error) => this.unpolled(error), this.options);
      const ready = await rest.hello();
      if (this.state !== "connecting" || this.rest) return;
      this.rest = rest;
      this.become("connected");
      this.listener.polling(true);
      this.listener.ready(ready);
      rest.start();
    } catch (error) {
      if (this.state === "connecting" && error instanceof ChatError && isFinal(error)) this.giveUp(error);
    }
  }

  /** REST does not reach the server either. */
  private unpolled(error: ChatError): void {
    this.stopPolling();
    if (isFinal(error)) return this.giveUp(error);
    this.become("connecting");
    if (this.retry !== undefined) this.reopenLater(null);
  }

  private stopPolling(): void {
    if (!this.rest) return;
    this.rest.stop();
    this.rest = null;
    this.listener.polling(false);
  }

  /** Ends a connection, or the attempt at one, that does not answer. Before it is connected, a socket ends silently. */
  private abandon(): void {
    const { connected } = this.socket;
    this.socket.disconnect();
    if (!connected) this.lost();
  }

  private woken(wake: Wake): void {
    const isConnected = this.isReady;
    if (wake === "offline") return isConnected ? this.abandon() : undefined;
    if (isConnected) return void this.probe();
    // An attempt that began without a network can hang for long.
    if (wake === "online" && this.retry === undefined) this.abandon();
    this.rest?.now();
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
    if (this.rest && next === "connecting") return; // requests are possible
    if (next !== this.state) this.listener.state((this.state = next));
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof ChatError && error.code === "timeout";
}
