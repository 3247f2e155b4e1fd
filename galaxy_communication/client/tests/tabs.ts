/** Tabs and their worker, with real ports between them, against a real Socket.IO server. */
import { expect } from "vitest";

import type { Connection, ConnectionListener } from "../src/api/connection";
import { sharing, type SharedOptions } from "../src/api/shared";
import type { HubOptions } from "../src/api/worker/hub";
import { eventually } from "./eventually";
import { TestServer } from "./server";
import { TestWorker } from "./worker";

export interface Tab {
  connection: Connection;
  /** What it heard, but the states. */
  names: () => string[];
  values: (name: keyof ConnectionListener) => unknown[];
  states: string[];
  /** When the next attempt was said to begin; null for each that has begun. */
  tries: (number | null)[];
  /** Whether it was served by REST. */
  polling: boolean[];
}

export class TestBrowser {
  worker: TestWorker;
  private readonly tabs: Tab[] = [];

  private constructor(
    readonly server: TestServer,
    options: HubOptions,
  ) {
    this.worker = new TestWorker({ backoff: () => 1, timeout: 200, probeTimeout: 100, sleep: () => Promise.resolve(), ...options });
  }

  static async start(options: HubOptions = {}): Promise<TestBrowser> {
    return new TestBrowser(await TestServer.start(), options);
  }

  async stop(): Promise<void> {
    for (const { connection } of this.tabs) connection.close();
    this.worker.stop();
    await this.server.stop();
  }

  open(options: Partial<SharedOptions> = {}): Tab {
    const heard: [name: string, value: unknown][] = [];
    const states: string[] = [];
    const tries: (number | null)[] = [];
    const polling: boolean[] = [];
    const note = (name: string) => (value: unknown) => void heard.push([name, value]);
    const listener: ConnectionListener = {
      state: (state) => void states.push(state),
      ready: note("ready"),
      roomEvents: note("roomEvents"),
      roomUpdated: note("roomUpdated"),
      roomMember: note("roomMember"),
      roomRemoved: note("roomRemoved"),
      typing: note("typing"),
      presence: note("presence"),
      silence: note("silence"),
      notice: note("notice"),
      nextTry: (at) => void tries.push(at),
      polling: (on) => void polling.push(on),
      refused: note("refused"),
    };
    const connect = sharing("/", { start: this.worker.start, whose: () => Promise.resolve(null), ...options });
    const tab: Tab = {
      connection: connect(this.server.address, listener),
      names: () => heard.map(([name]) => name),
      values: (name) => heard.filter(([one]) => one === name).map(([, value]) => value),
      states,
      tries,
      polling,
    };
    this.tabs.push(tab);
    return tab;
  }

  async openConnected(options: Partial<SharedOptions> = {}): Promise<Tab> {
    const tab = this.open(options);
    await readies(tab, 1);
    expect(tab.states).toEqual(["connecting", "connected"]);
    return tab;
  }
}

export async function readies(tab: Tab, count: number): Promise<void> {
  await eventually(() => expect(tab.values("ready")).toHaveLength(count));
}
