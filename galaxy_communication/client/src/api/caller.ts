import { ChatError, errorFromStatus } from "./errors";

export type Parameters = Record<string, string | number | boolean | null | undefined>;
export type Caller = ReturnType<typeof createCaller>;

/**
 * Requests to the chat's part of Galaxy's API, whose failures are `ChatError`s.
 *
 * @param root Galaxy's root, with a slash at its end; behind the address of another server where that has the chat.
 */
export function createCaller(root: string) {
  const base = `${root}api/communication`;

  async function request(method: string, path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (body) headers["content-type"] = "application/json";
    const json = body ? JSON.stringify(body) : null;
    const answer = fetch(base + path, { method, credentials: "include", headers, body: json });
    const response = await answer.catch(() => Promise.reject(new ChatError("disconnected", "")));
    if (!response.ok) throw errorFromStatus(response.status, await response.json().catch(() => null));
    return response;
  }

  async function call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await request(method, path, body);
    return (await response.json().catch(() => null)) as T;
  }

  /** What is undefined or null is not asked for. */
  function get<T>(path: string, parameters: Parameters = {}): Promise<T> {
    return call("GET", withQuery(path, parameters));
  }

  return { request, call, get };
}

export function withQuery(path: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query ? `${path}?${query}` : path;
}
