/**
 * What a tab and the worker that holds the connection say to each other, over a port of their own. Either side answers a
 * `ping` with a `pong` and takes anything it hears for a sign of life.
 */
import type { Address, ConnectionListener } from "../connection";
import { ChatError, type Precise } from "../errors";
import type { RequestName } from "../events";
import type { Wake } from "../wakes";

export type Sign = { kind: "ping" } | { kind: "pong" };

export type ToWorker =
  /** `user` is the id of whom the tab's page is for, where it knows it. */
  | { kind: "attach"; address: Address; user: string | null }
  | { kind: "detach" }
  | { kind: "request"; id: number; name: RequestName; payload: unknown }
  | { kind: "wake"; wake: Wake }
  | Sign;

export type ToTab =
  | { kind: "attached" }
  /** The tab gave no sign of life and was let go: frozen tabs hear it when they thaw, and attach again. */
  | { kind: "dropped" }
  | { kind: "answer"; id: number; ack: unknown }
  | { kind: "failure"; id: number; failure: Failure }
  | { kind: "refused"; failure: Failure }
  | Told
  | Sign;

/** A call of the tab's listener. */
export type Told = { [Name in ToldName]: { kind: "told"; name: Name; value: ToldValue<Name> } }[ToldName];
export type ToldName = Exclude<keyof ConnectionListener, "refused">;
export type ToldValue<Name extends ToldName> = Parameters<ConnectionListener[Name]>[0];

/** A `ChatError`: what is cloned from one realm into another loses its class and its own fields. */
export interface Failure {
  code: string;
  message: string;
  retryAfter: number | null;
  precise: Precise | null;
}

export function failureOf(error: unknown): Failure {
  if (!(error instanceof ChatError)) return { code: "invalid", message: String(error), retryAfter: null, precise: null };
  const { code, message, retryAfter, precise } = error;
  return { code, message, retryAfter, precise };
}

export function errorOf({ code, message, retryAfter, precise }: Failure): ChatError {
  return new ChatError(code, message, retryAfter, precise);
}
