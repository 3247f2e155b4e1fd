/** One connection for all tabs of a browser, held by a SharedWorker; where there is none, each tab has its own. */
import type { Address, Connection, ConnectionListener, ConnectionState } from "./connection";
import { ChatError } from "./errors";
import type { Ack, Payload, RequestName } from "./events";
import { connectOwn } from "./own";
import { pageWakes } from "./wakes";
import { userOfPage } from "./whose";
import { Link, LINK_TIMES, type LinkTimes, type StartedWorker } from "./worker/link";
import type { Told } from "./worker/protocol";

export type Connect = (address: Address, listener: ConnectionListener) => Connection;

export interface SharedOptions {
  /** Throws where there is no such thing. */
  start: (name: string) => StartedWorker;
  /** The id of whom this page is for, if that can be known. */
  whose: () => Promise<string | null>;
  /** For a tab that has to help itself. */
  own: Connect;
  times: LinkTimes;
}

/** @param root Galaxy's root, with a slash at its end. */
export function sharing(root: string, options: Partial<SharedOptions> = {}): Connect {
  if (!options.start && typeof SharedWorker === "undefined") return options.own ?? connectOwn;
  const whole = { start, whose: () => userOfPage(root), own: connectOwn, times: LINK_TIMES, ...options };
  return (address, listener) => {
    const shared = new SharedConnection(address, listener, whole);
    shared.open();
    return shared;
  };
}

/** The address is in the name too: tabs that were given different ones must not share a connection. */
function start(name: string): StartedWorker {
  return new SharedWorker(new URL("./worker/worker.ts", import.meta.url), { type: "module", name });
}

class SharedConnection implements Connection {
  private link: Link | null = null;
  private own: Connection | null = null;
  private state: ConnectionState = "offline";
  /** Counts openings: what belongs to an earlier one comes too late. */
  private openings = 0;
  private stopWakes: () => void = () => undefined;

  constructor(
    private readonly address: Address,
    private readonly listener: ConnectionListener,
    private readonly options: SharedOptions,
  ) {}

  open(): void {
    window.addEventListener("pagehide", this.hidden);
    window.addEventListener("pageshow", this.shown);
    this.stopWakes = pageWakes((wake) => this.link?.wake(wake));
    void this.attach();
  }

  async request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    if (this.own) return this.own.request(name, payload);
    if (!this.link || this.state !== "connected") throw new ChatError("disconnected", "");
    return this.link.request(name, payload);
  }

  tryNow(): void {
    this.own?.tryNow();
    this.link?.wake("visible");
  }

  close(): void {
    this.end();
    this.own?.close();
    this.become("offline");
  }

  private async attach(): Promise<void> {
    this.become("connecting");
    const opening = ++this.openings;
    const user = await this.options.whose();
    if (opening !== this.openings) return;
    const { namespace, path, url } = this.address;
    try {
      const worker = this.options.start(`galaxy-communication ${url ?? ""}${path} ${namespace}`);
      this.link = new Link(worker, this.address, user, this, this.options.times);
    } catch {
      this.helpMyself();
    }
  }

  told({ name, value }: Told): void {
    if (name === "state") this.become(value);
    else (this.listener[name] as (payload: typeof value) => void)(value);
  }

  refused(error: ChatError): void {
    this.end();
    this.become("offline");
    this.listener.refused(error);
  }

  lost(wasHeard: boolean): void {
    this.link = null;
    if (wasHeard) void this.attach();
    else this.helpMyself();
  }

  /** Browsers say nothing to a worker when a page goes, be it for good or to be kept for the way back. */
  private readonly hidden = (): void => {
    this.openings += 1;
    this.link?.leave();
    this.link = null;
  };

  private readonly shown = ({ persisted }: PageTransitionEvent): void => {
    if (persisted && !this.link) void this.attach();
  };

  private helpMyself(): void {
    this.end();
    this.own = this.options.own(this.address, { ...this.listener, state: (state) => this.become(state) });
  }

  /** Of the sharing. */
  private end(): void {
    this.openings += 1;
    this.link?.leave();
    this.link = null;
    this.stopWakes();
    window.removeEventListener("pagehide", this.hidden);
    window.removeEventListener("pageshow", this.shown);
  }

  private become(next: ConnectionState): void {
    if (next !== this.state) this.listener.state((this.state = next));
  }
}
