import type { Ready } from "../wire";
import type { ToldName, ToldValue, ToTab } from "./protocol";

/** So many pings in a row without an answer, and a tab counts as gone: it crashed, or the browser has frozen it. */
const PATIENCE = 2;

/**
 * A tab as the worker knows it. It hears nothing of a connection before it knows the state that this begins with: `waits`
 * for that to come anyway, or was asked to hold back what is `early` until the server has said it again.
 */
export class Tab {
  /** Whom the server took its user for, as it was told. */
  user: string | null = null;
  /** Nobody sits at it. */
  away = false;
  private unanswered = 0;
  private early: (() => void)[] | null = null;
  private waits = true;

  constructor(private readonly port: MessagePort) {}

  post(message: ToTab): void {
    this.port.postMessage(message);
  }

  /** There is no connection now; its `ready` will come. */
  wait(): void {
    this.waits = true;
    this.early = null;
    this.post({ kind: "told", name: "state", value: "connecting" });
  }

  /** The returned function says whether this, and no later wait, is what the tab waits for. */
  holdBack(): () => boolean {
    const early = (this.early = [] as (() => void)[]);
    this.waits = true;
    return () => this.early === early;
  }

  welcome(ready: Ready): void {
    const early = this.early ?? [];
    this.user = ready.user.id;
    this.waits = false;
    this.early = null;
    this.post({ kind: "told", name: "state", value: "connected" });
    this.tell("ready", ready);
    for (const tell of early) tell();
  }

  tell<Name extends ToldName>(name: Name, value: ToldValue<Name>): void {
    const tell = (): void => this.post({ kind: "told", name, value } as ToTab);
    if (!this.waits) tell();
    // As on a new connection: who came or went meanwhile is counted in the state that follows.
    else if (name !== "roomMember") this.early?.push(tell);
  }

  isAlive(): void {
    this.unanswered = 0;
  }

  /** Pings, unless it has not answered for too long. Counted, not timed: a machine may have slept meanwhile. */
  ping(): boolean {
    if (this.unanswered >= PATIENCE) return false;
    this.unanswered += 1;
    this.post({ kind: "ping" });
    return true;
  }
}
