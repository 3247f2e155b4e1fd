/** What is told more closely than by a code, and what stands in it: the texts that begin with `refusal.` */
export interface Precise {
  reason: string;
  values: Record<string, string | number>;
}

/** What went wrong, by the contract's codes or, for what never reached the server, `disconnected` and `timeout`. */
export class ChatError extends Error {
  /** When to try again, in milliseconds since 1970, where the server said so. */
  readonly retryAt: number | null;

  constructor(
    readonly code: string,
    message: string,
    /** Seconds, where the server said when to try again. */
    readonly retryAfter: number | null = null,
    readonly precise: Precise | null = null,
  ) {
    super(message);
    this.name = "ChatError";
    this.retryAt = retryAfter === null ? null : Date.now() + retryAfter * 1000;
  }
}

/** After these no new connection is tried: only the user or the administrator can change them. */
const FINAL = new Set(["not_authenticated", "disabled", "forbidden"]);

export function isFinal(error: ChatError): boolean {
  return FINAL.has(error.code);
}

/** Reads the error object of an ack, of `closed`, or of a refused connection; null when it is none. */
export function errorFrom(answer: unknown): ChatError | null {
  if (!isRecord(answer)) return null;
  if (isRecord(answer["error"])) return errorFrom(answer["error"]);
  const { code, message, retry_after: retryAfter, reason, values } = answer;
  if (typeof code !== "string") return null;
  return new ChatError(
    code,
    typeof message === "string" ? message : "",
    typeof retryAfter === "number" ? retryAfter : null,
    typeof reason === "string" ? { reason, values: isRecord(values) ? (values as Precise["values"]) : {} } : null,
  );
}

/** Errors of Galaxy itself carry numbers of their own; the status says which of the contract's codes is meant. */
export function errorFromStatus(status: number, body: unknown): ChatError {
  const own = errorFrom(body);
  if (own) return own;
  const codes: Record<number, string> = { 400: "invalid", 401: "not_authenticated", 403: "forbidden", 404: "not_found" };
  const message = isRecord(body) && typeof body["err_msg"] === "string" ? body["err_msg"] : "";
  return new ChatError(codes[status] ?? "unavailable", message);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
