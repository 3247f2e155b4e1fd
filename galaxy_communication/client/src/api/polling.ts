/** What the socket does, over REST: slower, and the only way where a proxy lets no WebSocket pass. Loaded where it is. */
import { isPassing } from "./backoff";
import { createCaller, withQuery } from "./caller";
import type { ConnectionListener, ConnectOptions } from "./connection";
import { ChatError } from "./errors";
import type { Ack, Payload, RequestName } from "./events";
import type { Message, Ready, Room, SyncAck } from "./wire";

type Routes = { [Name in RequestName]: (payload: Payload<Name>) => Promise<Ack<Name>> };
type Listener = Pick<ConnectionListener, "roomEvents" | "roomUpdated" | "roomRemoved">;

/** These say that REST does not reach the server. */
const LOST = new Set(["disconnected", "unavailable", "timeout"]);

export class RestConnection {
  private readonly routes: Routes;
  private readonly listed: () => Promise<Room[]>;
  /** The rooms as they were last told. */
  private rooms = new Map<string, Room>();
  /** By room: the newest number that was told. */
  private readonly heads = new Map<string, number>();
  private requests = 0;
  /** Rounds in a row that brought nothing. */
  private idle = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isAsking = false;
  private isOver = false;

  /**
   * @param root Galaxy's, with a slash at its end.
   * @param failed hears once why this ends by itself.
   */
  constructor(
    root: string,
    private readonly listener: Listener,
    private readonly failed: (error: ChatError) => void,
    private readonly options: Pick<ConnectOptions, "pollPause" | "timeout">,
  ) {
    ({ routes: this.routes, listed: this.listed } = routesTo(root));
  }

  /** What `ready` says. What comes after it is told from `start()` on. */
  async hello(): Promise<Ready> {
    const ready = await this.inTime(this.routes.hello({}));
    this.know(ready.rooms);
    return ready;
  }

  start(): void {
    this.wait();
  }

  stop(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  /** Asks at once. */
  now(): void {
    this.idle = 0;
    if (!this.isAsking) void this.round();
  }

  async request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    this.requests += 1;
    try {
      return await this.inTime(this.routes[name](payload));
    } catch (error) {
      if (error instanceof ChatError && error.code === "disconnected") this.end(error);
      throw error;
    } finally {
      this.requests += 1;
    }
  }

  private wait(): void {
    clearTimeout(this.timer);
    if (!this.isOver) this.timer = setTimeout(() => void this.round(), this.options.pollPause(this.idle));
  }

  private async round(): Promise<void> {
    clearTimeout(this.timer);
    this.isAsking = true;
    try {
      this.idle = (await this.inTime(this.ask())) ? 0 : this.idle + 1;
    } catch (error) {
      const reason = error instanceof ChatError ? error : new ChatError("unavailable", "");
      if (LOST.has(reason.code) || !isPassing(reason)) return this.end(reason);
      this.idle += 1;
    } finally {
      this.isAsking = false;
    }
    this.wait();
  }

  /** Tells what is new, messages before the records that count them. */
  private async ask(): Promise<boolean> {
    const { requests } = this;
    const rooms = await this.listed();
    if (this.isOver) return false;
    const moved = rooms.filter(({ id, joined, head_seq: head }) => joined && head > (this.heads.get(id) ?? head));
    const from = Object.fromEntries(moved.map(({ id }) => [id, this.heads.get(id) ?? 0]));
    const answer = moved.length > 0 ? await this.routes.sync({ rooms: from }) : { rooms: {} };
    if (this.isOver) return false;
    for (const [id, { recovered, events, head_seq: head }] of Object.entries(answer.rooms)) {
      const after = recovered ? from[id] ?? head : head; // what is missing before it, the stores ask for
      this.heads.set(id, head);
      this.listener.roomEvents({ room_id: id, events, after_seq: after, head_seq: head });
    }
    // What was asked for meanwhile may have changed them since.
    return (requests === this.requests && this.tellRecords(rooms)) || moved.length > 0;
  }

  private tellRecords(rooms: Room[]): boolean {
    const before = this.rooms;
    this.know(rooms);
    const changed = rooms.filter((room) => JSON.stringify(room) !== JSON.stringify(before.get(room.id)));
    const gone = [...before.values()].filter(({ id, joined }) => joined && !this.rooms.get(id)?.joined);
    for (const { id } of gone) this.listener.roomRemoved({ room_id: id, reason: "removed" });
    for (const room of changed) this.listener.roomUpdated({ room });
    return changed.length + gone.length > 0;
  }

  private know(rooms: Room[]): void {
    this.rooms = new Map(rooms.map((room) => [room.id, room]));
    for (const { id, head_seq: head } of rooms) if (!this.heads.has(id)) this.heads.set(id, head);
  }

  private end(error: ChatError): void {
    if (this.isOver) return;
    this.stop();
    this.failed(error);
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new ChatError("timeout", "")), this.options.timeout);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}

/** Nobody is shown as typing or away by REST. */
function routesTo(root: string): { routes: Routes; listed: () => Promise<Room[]> } {
  const { call, get } = createCaller(root);
  const ofRoom = (id: string): string => `/rooms/${encodeURIComponent(id)}`;
  const ofMessage = (id: string): string => `/messages/${encodeURIComponent(id)}`;
  const message = async (method: string, path: string, body?: object) => ({ message: await call<Message>(method, path, body) });
  const room = async (method: string, path: string, body?: object) => ({ room: await call<Room>(method, path, body) });
  const byName = async (name: string): Promise<string> => {
    const found = (await get<Room[]>("/rooms", { query: name })).find((one) => one.name.toLowerCase() === name.toLowerCase());
    return found ? found.id : Promise.reject(new ChatError("not_found", ""));
  };

  const routes: Routes = {
    "message.send": ({ room_id: id, ...body }) => message("POST", `${ofRoom(id)}/messages`, body),
    "message.edit": ({ message_id: id, text }) => message("PATCH", ofMessage(id), { text }),
    "message.delete": ({ message_id: id, reason }) => message("DELETE", withQuery(ofMessage(id), { reason })),
    "message.react": ({ message_id: id, emoji, on }) =>
      message(on ? "PUT" : "DELETE", `${ofMessage(id)}/reactions/${encodeURIComponent(emoji)}`),
    "room.create": (wanted) => room("POST", "/rooms", wanted),
    "room.join": async ({ room_id: id, name }) => room("POST", `${ofRoom(id ?? (await byName(name ?? "")))}/membership`),
    "room.leave": ({ room_id: id }) => call("DELETE", `${ofRoom(id)}/membership`).then(() => ({})),
    "room.read": ({ room_id: id, ...pointer }) => room("PUT", `${ofRoom(id)}/read`, pointer),
    "room.typing": () => Promise.resolve({}),
    "presence.set": () => Promise.resolve({}),
    sync: (wanted) => call<SyncAck>("POST", "/sync", wanted),
    hello: () => get<Ready>("/hello"),
  };
  return { routes, listed: () => get<Room[]>("/rooms") };
}
