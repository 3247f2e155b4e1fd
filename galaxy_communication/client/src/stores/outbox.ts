/**
 * Messages on their way: shown at once, kept until the server has them, sent again with the same `client_id`, so that
 * each arrives once. A room's messages go one by one, each after the ack of the one before, and so keep their order.
 */
import { reactive } from "vue";

import { fullJitter, isPassing } from "../api/backoff";
import { ChatError, type Precise } from "../api/errors";

export interface Draft {
  clientId: string;
  userId: string;
  roomId: string;
  /** To say where it was meant to go when that room is no longer to be seen. */
  roomName: string;
  text: string;
  /** The id of the message that it answers; missing in what earlier versions have stored. */
  replyTo?: string | null;
  /** Milliseconds since 1970. No two of a tab are equal, so this is their order, too. */
  writtenAt: number;
  /** Why it is not sent before the user says so. */
  failure: { code: string; message: string; precise?: Precise | null } | null;
}

export interface Outgoing extends Draft {
  state: "pending" | "failed";
  /** Of a failed one, why; of a pending one, why it takes so long. */
  error: ChatError | null;
  /** Of a pending one that was put off: when it is sent again, in milliseconds since 1970. */
  retryAt: number | null;
}

/** Keeps drafts beyond this tab. Nothing here fails: what cannot be kept is in the outbox all the same. */
export interface DraftStore {
  /** All drafts of this user, also those of other tabs; comes soon, if with nothing. */
  load(userId: string): Promise<Draft[]>;
  put(draft: Draft): void;
  remove(clientId: string): void;
  /** Removes it and tells the other tabs, which may be about to send it. */
  discard(clientId: string): void;
}

export type Send = (draft: Draft) => Promise<void>;

interface Lane {
  /** The message that the others of this room wait for: under way, or waiting for its next attempt. */
  clientId: string | null;
  attempts: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** A draft that is older was meant for another moment. */
const FRESH = 24 * 60 * 60 * 1000;
/** These say nothing of the message: it waits until there is a connection again. */
const UNCONNECTED = new Set(["disconnected", "not_authenticated", "disabled"]);

export class Outbox {
  /** Reactive; in the order of writing. */
  readonly entries: Outgoing[] = reactive([]);

  private readonly lanes = new Map<string, Lane>();
  private userId = "";
  private isRunning = false;
  private rounds = 0;
  private lastWritten = 0;

  /**
   * @param send settles when the server has stored the message or refused it.
   * @param isMember whether the user is in this room now.
   */
  constructor(
    private readonly send: Send,
    private readonly isMember: (roomId: string) => boolean,
    private readonly store: DraftStore,
    private readonly backoff: (attempt: number) => number = fullJitter,
  ) {}

  add(roomId: string, roomName: string, text: string, replyTo: string | null = null): void {
    const { userId } = this;
    const draft = { clientId: newClientId(), userId, roomId, roomName, text, replyTo, writtenAt: this.now(), failure: null };
    this.entries.push({ ...draft, state: "pending", error: null, retryAt: null });
    this.store.put(draft);
    this.advance(roomId);
  }

  /** Goes to the end: what was written after it may have arrived. */
  retry(clientId: string): void {
    const entry = this.find(clientId);
    if (entry?.state !== "failed") return;
    Object.assign(entry, { state: "pending", error: null, failure: null, writtenAt: this.now() });
    this.sort();
    this.keep(entry);
    this.advance(entry.roomId);
  }

  /** The server has it, by ack or event, whichever comes first. */
  remove(clientId: string): void {
    if (this.forget(clientId)) this.store.remove(clientId);
  }

  /** The user gives it up. */
  discard(clientId: string): void {
    if (this.forget(clientId)) this.store.discard(clientId);
  }

  /** Somebody else took care of the storage. */
  forget(clientId: string): boolean {
    const place = this.entries.findIndex((entry) => entry.clientId === clientId);
    const [entry] = place < 0 ? [] : this.entries.splice(place, 1);
    if (entry) this.release(entry);
    return entry !== undefined;
  }

  /** After each connect: what this user has left in the storage joins what is here, and all that is pending is sent. */
  async resume(userId: string): Promise<void> {
    this.isRunning = false;
    if (this.userId !== userId) this.entries.splice(0); // in the storage it waits for its author
    this.userId = userId;
    const round = ++this.rounds;
    const drafts = await this.store.load(userId);
    if (round !== this.rounds) return;
    this.entries.push(...drafts.filter(({ clientId }) => !this.find(clientId)).map(revived));
    this.sort();
    for (const { timer } of this.lanes.values()) clearTimeout(timer);
    for (const entry of this.entries) entry.retryAt = null;
    this.lanes.clear();
    this.isRunning = true;
    for (const roomId of new Set(this.entries.map((entry) => entry.roomId))) this.advance(roomId);
  }

  /** Sends the room's next message where none is under way, and fails those that can no longer be sent. */
  advance(roomId: string): void {
    const lane = this.lane(roomId);
    if (!this.isRunning || lane.clientId !== null) return;
    const entry = this.entries.find((one) => one.roomId === roomId && one.state === "pending");
    if (!entry) return;
    const { clientId } = entry;
    lane.clientId = clientId;
    const isSent = this.isMember(roomId) ? this.send({ ...entry }) : Promise.reject(new ChatError("not_a_member", ""));
    isSent.then(
      () => this.remove(clientId),
      (error: unknown) => this.refused(clientId, error),
    );
  }

  private refused(clientId: string, error: unknown): void {
    const entry = this.find(clientId);
    const reason = error instanceof ChatError ? error : new ChatError("invalid", String(error));
    if (!entry) return;
    if (UNCONNECTED.has(reason.code)) {
      this.isRunning = false;
      return this.release(entry);
    }
    entry.error = reason;
    if (isPassing(reason)) return this.wait(entry, reason.retryAfter ?? 0);
    entry.state = "failed";
    entry.failure = { code: reason.code, message: reason.message, precise: reason.precise };
    this.keep(entry);
    this.release(entry);
  }

  private wait(entry: Outgoing, seconds: number): void {
    const { roomId } = entry;
    const lane = this.lane(roomId);
    const delay = seconds * 1000 + this.backoff(lane.attempts++);
    const again = (): void => {
      lane.clientId = null;
      entry.retryAt = null;
      this.advance(roomId);
    };
    lane.timer = setTimeout(again, delay);
    entry.retryAt = Date.now() + delay;
  }

  /** Lets the ones behind it go on. */
  private release({ roomId, clientId }: Outgoing): void {
    const lane = this.lane(roomId);
    if (lane.clientId !== clientId) return;
    clearTimeout(lane.timer);
    this.lanes.delete(roomId);
    this.advance(roomId);
  }

  private lane(roomId: string): Lane {
    const lane = this.lanes.get(roomId) ?? { clientId: null, attempts: 0, timer: undefined };
    this.lanes.set(roomId, lane);
    return lane;
  }

  private keep({ clientId, userId, roomId, roomName, text, replyTo = null, writtenAt, failure }: Outgoing): void {
    const copy = failure && { ...failure };
    this.store.put({ clientId, userId, roomId, roomName, text, replyTo, writtenAt, failure: copy });
  }

  private now(): number {
    this.lastWritten = Math.max(Date.now(), this.lastWritten + 1);
    return this.lastWritten;
  }

  private sort(): void {
    this.entries.sort((a, b) => a.writtenAt - b.writtenAt);
    this.lastWritten = Math.max(this.lastWritten, this.entries.at(-1)?.writtenAt ?? 0);
  }

  private find(clientId: string): Outgoing | undefined {
    return this.entries.find((entry) => entry.clientId === clientId);
  }
}

function revived(draft: Draft): Outgoing {
  const isOld = Date.now() - draft.writtenAt > FRESH;
  const failure = draft.failure ?? (isOld ? { code: "outdated", message: "" } : null);
  const error = failure && new ChatError(failure.code, failure.message, null, failure.precise);
  return { ...draft, failure, state: failure ? "failed" : "pending", error, retryAt: null };
}

/** Not `crypto.randomUUID`: it is missing where Galaxy is served over plain http. */
function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
