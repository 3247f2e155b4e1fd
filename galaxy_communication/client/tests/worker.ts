/** A worker in this process: its real logic, behind real ports, which clone what passes them. */
import { MessageChannel } from "node:worker_threads";

import type { StartedWorker } from "../src/api/worker/link";
import { Hub, type HubOptions } from "../src/api/worker/hub";

/** The browser's end of a port that can be made to hear nothing, as a frozen page does. */
export class TestPort {
  received = 0;
  private frozen: MessageEvent[] | null = null;
  private listener: ((event: MessageEvent) => void) | null = null;

  constructor(private readonly port: MessagePort) {
    port.onmessage = (event) => {
      this.received += 1;
      if (this.frozen) this.frozen.push(event);
      else this.listener?.(event);
    };
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    this.listener = listener;
  }

  postMessage(message: unknown): void {
    this.port.postMessage(message);
  }

  close(): void {
    this.port.close();
  }

  freeze(): void {
    this.frozen = [];
  }

  thaw(): void {
    const missed = this.frozen ?? [];
    this.frozen = null;
    for (const event of missed) this.listener?.(event);
  }
}

export class TestWorker {
  /** Of the tabs, in the order of their coming. */
  readonly ports: TestPort[] = [];
  readonly names: string[] = [];
  private hub: Hub;
  private readonly others: MessagePort[] = [];

  constructor(private readonly options: HubOptions = {}) {
    this.hub = new Hub(options);
  }

  readonly start = (name: string): StartedWorker => {
    const { port1, port2 } = new MessageChannel() as unknown as globalThis.MessageChannel;
    const port = new TestPort(port1);
    this.names.push(name);
    this.ports.push(port);
    this.others.push(port2);
    this.hub.add(port2);
    return { port: port as unknown as MessagePort, onerror: null };
  };

  /** It ends without a word; who starts it finds a new one. */
  die(): void {
    this.stop();
    this.hub = new Hub(this.options);
  }

  /** Its tabs leave. */
  stop(): void {
    for (const other of this.others.splice(0)) {
      other.onmessage?.(new MessageEvent("message", { data: { kind: "detach" } }));
      other.onmessage = null;
    }
  }
}
