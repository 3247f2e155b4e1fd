import { persist, type Sleep } from "../backoff";
import type { Address, Connection, ConnectionListener, ConnectOptions } from "../connection";
import { ChatError } from "../errors";
import type { Payload, RequestName } from "../events";
import { connect } from "../socket";
import type { Wake } from "../wakes";
import type { PresenceSet, Ready } from "../wire";
import { failureOf, type ToldName, type ToldValue, type ToWorker } from "./protocol";
import { Tab } from "./tab";

export interface HubOptions extends Partial<ConnectOptions> {
  /** Milliseconds between the pings of each tab. */
  pingInterval?: number;
  sleep?: Sleep;
}

/** So often is a server asked for its state on behalf of one tab, before all of them get a new connection instead. */
const ATTEMPTS = 3;
/** Milliseconds within which all tabs say that the network is back. */
const SAME_WAKE = 1_000;

/**
 * Holds the one connection of all tabs, from the first that attaches until the last is gone.
 *
 * A connection belongs to who was logged in when it was made. Pages may know better: one that was loaded after somebody
 * else has logged in `claims` to be theirs, and then a new connection is made, once, as the server's word counts, not the
 * page's. What a tab was shown of one user is never followed by what another may see: such a tab is refused, as if its
 * session were over, and that it is.
 */
export class Hub {
  private readonly tabs = new Map<MessagePort, Tab>();
  private address: Address | null = null;
  private connection: Connection | null = null;
  /** The connection's user while it is ready. */
  private user: string | null = null;
  private claim: string | null = null;
  /** A tab came when there was this connection already: its session may be younger, and good when this one's has ended. */
  private hasLate = false;
  private told: PresenceSet["status"] | null = null;
  private nextTry: number | null = null;
  private polling = false;
  private wake: (wake: Wake) => void = () => undefined;
  private lastWake: { wake: Wake; at: number } | null = null;
  private pings: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: HubOptions = {}) {}

  /** Listens to the port of a tab that has started this worker, or found it. */
  add(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<ToWorker>) => this.heard(port, data);
  }

  private heard(port: MessagePort, message: ToWorker): void {
    if (message.kind === "attach") return this.attach(port, message.address, message.user);
    const tab = this.tabs.get(port);
    if (!tab) return;
    tab.isAlive();
    if (message.kind === "detach") this.leave(port);
    else if (message.kind === "request") void this.pass(tab, message.id, message.name, message.payload);
    else if (message.kind === "wake") this.woken(message.wake);
    else if (message.kind === "ping") tab.post({ kind: "pong" });
  }

  private attach(port: MessagePort, address: Address, user: string | null): void {
    const tab = new Tab(port);
    this.tabs.set(port, tab);
    this.address = address;
    this.pings ??= setInterval(() => this.ping(), this.options.pingInterval ?? 30_000);
    tab.post({ kind: "attached" });
    tab.wait();
    const isOthers = user !== null && this.user !== null && user !== this.user;
    if (!this.connection || isOthers) return this.open();
    this.hasLate = true;
    tab.post({ kind: "told", name: "nextTry", value: this.nextTry });
    tab.post({ kind: "told", name: "polling", value: this.polling });
    if (this.user !== null) void this.introduce(tab);
    else this.claim = user ?? this.claim;
  }

  private leave(port: MessagePort): void {
    this.tabs.delete(port);
    if (this.tabs.size > 0) return void this.tellPresence();
    this.end();
    clearInterval(this.pings);
    this.pings = undefined;
  }

  private ping(): void {
    for (const [port, tab] of this.tabs) {
      if (tab.ping()) continue;
      tab.post({ kind: "dropped" });
      this.leave(port);
    }
  }

  private open(): void {
    this.end();
    const wakes: ConnectOptions["wakes"] = (wake) => {
      this.wake = wake;
      return () => (this.wake = () => undefined);
    };
    if (this.address) this.connection = connect(this.address, this.listener, { ...this.options, wakes });
  }

  private end(): void {
    this.connection?.close();
    this.connection = this.user = this.claim = null;
    this.hasLate = false;
  }

  private readonly listener: ConnectionListener = {
    state: (state) => {
      // `connected` is told with what it begins with, and `offline` follows only from what was decided here.
      if (state !== "connecting") return;
      this.user = null;
      for (const tab of this.tabs.values()) tab.wait();
    },
    ready: (ready) => this.ready(ready),
    roomEvents: (events) => this.tell("roomEvents", events),
    roomUpdated: (updated) => this.tell("roomUpdated", updated),
    roomMember: (member) => this.tell("roomMember", member),
    roomRemoved: (removed) => this.tell("roomRemoved", removed),
    typing: (typing) => this.tell("typing", typing),
    presence: (changes) => this.tell("presence", changes),
    silence: (updated) => this.tell("silence", updated),
    notice: (notice) => this.tell("notice", notice),
    nextTry: (at) => {
      this.nextTry = at;
      for (const tab of this.tabs.values()) tab.post({ kind: "told", name: "nextTry", value: at }); // they wait, and hear it
    },
    polling: (on) => {
      this.polling = on;
      for (const tab of this.tabs.values()) tab.post({ kind: "told", name: "polling", value: on });
    },
    refused: (error) => this.refused(error),
  };

  private tell<Name extends ToldName>(name: Name, value: ToldValue<Name>): void {
    for (const tab of this.tabs.values()) tab.tell(name, value);
  }

  private ready(ready: Ready): void {
    const { claim } = this;
    this.claim = null;
    if (claim !== null && claim !== ready.user.id) return this.open();
    this.user = ready.user.id;
    this.told = "online"; // as which the server takes each new connection
    for (const [port, tab] of this.tabs) {
      if (tab.user === null || tab.user === ready.user.id) tab.welcome(ready);
      else this.refuse(port, tab, new ChatError("not_authenticated", ""));
    }
    void this.tellPresence();
  }

  /** The server's state for one tab, while the others go on. */
  private async introduce(tab: Tab): Promise<void> {
    const { connection } = this;
    const isCurrent = tab.holdBack();
    try {
      const ready = await persist(() => this.request("hello", {}), ATTEMPTS, this.options.sleep);
      if (!isCurrent()) return;
      tab.welcome(ready);
      void this.tellPresence();
    } catch {
      // A lost connection comes back with all that is needed. This one is there, and gave no answer.
      if (isCurrent() && connection === this.connection && this.user !== null) this.open();
    }
  }

  private refused(error: ChatError): void {
    if (error.code === "not_authenticated" && this.hasLate) return this.open();
    this.end();
    for (const [port, tab] of this.tabs) this.refuse(port, tab, error);
  }

  private refuse(port: MessagePort, tab: Tab, error: ChatError): void {
    tab.post({ kind: "told", name: "state", value: "offline" });
    tab.post({ kind: "refused", failure: failureOf(error) });
    this.leave(port);
  }

  private async pass(tab: Tab, id: number, name: RequestName, payload: unknown): Promise<void> {
    try {
      const ack = name === "presence.set" ? await this.setPresence(tab, payload) : await this.request(name, payload as never);
      tab.post({ kind: "answer", id, ack });
    } catch (error) {
      tab.post({ kind: "failure", id, failure: failureOf(error) });
    }
  }

  private async request<Name extends RequestName>(name: Name, payload: Payload<Name>) {
    if (!this.connection) throw new ChatError("disconnected", "");
    return this.connection.request(name, payload);
  }

  private async setPresence(tab: Tab, payload: unknown): Promise<object> {
    tab.away = (payload as PresenceSet).status === "away";
    await this.tellPresence();
    return {};
  }

  /** Somebody who sits at one of the tabs is not away. */
  private async tellPresence(): Promise<void> {
    const status = [...this.tabs.values()].every(({ away }) => away) ? "away" : "online";
    if (this.user === null || status === this.told) return;
    this.told = status;
    await this.request("presence.set", { status }).catch(() => (this.told = null));
  }

  /** Each tab tells of each wake, and an attempt that is under way must not be begun anew by each of them. */
  private woken(wake: Wake): void {
    const { lastWake } = this;
    const at = Date.now();
    if (lastWake?.wake === wake && at - lastWake.at < SAME_WAKE) return;
    this.lastWake = { wake, at };
    this.wake(wake);
  }
}
