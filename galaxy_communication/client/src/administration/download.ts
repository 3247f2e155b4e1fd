import { ChatError } from "../api/errors";

const NEW_LINE = 10;

/**
 * The body of an answer that comes in lines, of which the header `X-Total-Count` says how many.
 *
 * @throws ChatError where it ends before its last line.
 */
export async function readLines(response: Response, told: (lines: number, of: number) => void): Promise<Blob> {
  const of = Number(response.headers.get("X-Total-Count"));
  const reader = response.body?.getReader();
  const parts: BlobPart[] = [];
  let lines = 0;
  for (;;) {
    const { value, done } = (await reader?.read().catch(() => Promise.reject(new ChatError("disconnected", "")))) ?? { done: true };
    if (done || !value) break;
    parts.push(value);
    for (const byte of value) if (byte === NEW_LINE) lines += 1;
    told(lines, of);
  }
  if (lines < of) throw new ChatError("disconnected", "");
  return new Blob(parts, { type: "application/x-ndjson" });
}

export function save(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
