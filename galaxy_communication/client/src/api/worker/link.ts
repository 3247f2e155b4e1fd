import type { Address } from "../connection";
import { ChatError } from "../errors";
import type { Ack, Payload, RequestName } from "../events";
import type { Wake } from "../wakes";
import { errorOf, type Told, type ToTab, type ToWorker } from "./protocol";

/** A started SharedWorker, or what stands for it in tests. */
export interface StartedWorker {
  readonly port: MessagePort;
  onerror: ((event: ErrorEvent) => void) | null;
}

/** In milliseconds. */
export interface LinkTimes {
  /** Until the worker must have said that it is there. */
  start: number;
  /** Until a request counts as failed: longer than the worker itself waits for the server. */
  request: number;
  /** Until a worker that may be dead must have said anything. */
  probe: number;
  /** After so much silence it may be dead: longer than the time between its pings. */
  silence: number;
}

export const LINK_TIMES: LinkTimes = { start: 2_000, request: 20_000, probe: 5_000, silence: 75_000 };

export interface LinkClient {
  told(told: Told): void;
  refused(error: ChatError): void;
  /** It ended by itself. A worker that was never heard of cannot be used here. */
  lost(wasHeard: boolean): void;
}

interface Waiting {
  resolve(ack: unknown): void;
  reject(error: ChatError): void;
  timer: ReturnType<typeof setTimeout>;
}

/** A tab's line to the worker, from the start of the worker until `leave()`, a refusal, or the end of either side. */
export class Link {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private wasHeard = false;
  private isOver = false;
  private deadline: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly worker: StartedWorker,
    address: Address,
    user: string | null,
    private readonly client: LinkClient,
    private readonly times: LinkTimes = LINK_TIMES,
  ) {
    worker.onerror = () => this.wasHeard || this.lose();
    worker.port.onmessage = ({ data }: MessageEvent<ToTab>) => this.heard(data);
    this.post({ kind: "attach", address, user });
    this.deadline = setTimeout(() => this.lose(), times.start);
  }

  request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    if (this.isOver) return Promise.reject(new ChatError("disconnected", ""));
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.unanswered(id), this.times.request);
      this.waiting.set(id, { resolve: resolve as Waiting["resolve"], reject, timer });
      // As it would go over the wire: what comes from reactive state cannot be cloned.
      this.post({ kind: "request", id, name, payload: JSON.parse(JSON.stringify(payload)) as unknown });
    });
  }

  wake(wake: Wake): void {
    this.post({ kind: "wake", wake });
    this.probe();
  }

  leave(): void {
    this.post({ kind: "detach" });
    this.end();
  }

  private heard(message: ToTab): void {
    if (this.isOver) return;
    this.wasHeard = true;
    clearTimeout(this.deadline);
    this.deadline = undefined;
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.probe(), this.times.silence);
    switch (message.kind) {
      case "told":
        return this.client.told(message);
      case "answer":
        return this.settle(message.id)?.resolve(message.ack);
      case "failure":
        return this.settle(message.id)?.reject(errorOf(message.failure));
      case "ping":
        return this.post({ kind: "pong" });
      case "dropped":
        return this.lose();
      case "refused":
        this.end();
        return this.client.refused(errorOf(message.failure));
    }
  }

  private unanswered(id: number): void {
    this.settle(id)?.reject(new ChatError("timeout", ""));
    this.probe();
  }

  private settle(id: number): Waiting | undefined {
    const waiting = this.waiting.get(id);
    clearTimeout(waiting?.timer);
    this.waiting.delete(id);
    return waiting;
  }

  /** A worker's end is not told to anybody. */
  private probe(): void {
    if (this.deadline !== undefined || this.isOver) return;
    this.post({ kind: "ping" });
    this.deadline = setTimeout(() => this.lose(), this.times.probe);
  }

  private lose(): void {
    if (this.isOver) return;
    this.leave(); // should it live after all, it need not care for this tab any more
    this.client.lost(this.wasHeard);
  }

  private end(): void {
    this.isOver = true;
    clearTimeout(this.deadline);
    clearTimeout(this.silence);
    this.worker.onerror = null;
    this.worker.port.close();
    for (const id of [...this.waiting.keys()]) this.settle(id)?.reject(new ChatError("disconnected", ""));
  }

  private post(message: ToWorker): void {
    this.worker.port.postMessage(message);
  }
}
