/** A small chat server that keeps the contract: a real Socket.IO server on a port of its own, its rooms in memory. */
import { createServer, type IncomingMessage, type Server as HttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { Server, type ServerOptions, type Socket as ServerSocket } from "socket.io";

import type { Address } from "../src/api/connection";
import { createRest, type Rest } from "../src/api/rest";
import type {
  Message,
  MessageDelete,
  MessageEdit,
  MessageReact,
  MessageSend,
  PresenceSet,
  Ready,
  Room,
  RoomEvent,
  RoomRead,
  Sync,
  SyncedRoom,
  User,
} from "../src/api/wire";
import { pageOf } from "./pages";
import { alice, frame, message, ready, room } from "./samples";

type Ack = (answer: object) => void;

export class TestServer {
  readonly room: Room = room();
  /** Who connects. */
  user = alice;
  readonly events: RoomEvent[] = [];
  readonly sends: MessageSend[] = [];
  /** What the connections have said of themselves, in order. */
  readonly statuses: PresenceSet["status"][] = [];
  /** Refuses the next connections with this error. */
  refusal: object | null = null;
  /** Answers these requests so. */
  readonly answers: Record<string, object> = {};
  /** Answers these messages with this error instead of storing them, once for each time that the text stands here. */
  readonly refusedTexts = new Map<string, object[]>();
  /** Stores what is sent, but keeps the ack back. */
  swallowAcks = false;
  /** How often a connection was let in. */
  welcomed = 0;
  /** A proxy before it lets no WebSocket pass. */
  blocksSockets = false;
  transports: Address["transports"] = ["websocket"];
  /** Which transport each connection came by. */
  readonly cameBy: string[] = [];
  /** What REST was asked for, as method and path; nothing where it `answersRest` not. */
  readonly asked: string[] = [];
  answersRest = true;
  /** Lets connections in, but never gets ready. */
  hangs = false;
  /** Runs when a `hello` is read and not yet answered. */
  readingHello: () => void = () => undefined;
  private readonly dead = new Set<ServerSocket>();

  private constructor(
    private readonly http: HttpServer,
    private readonly io: Server,
  ) {
    const chat = io.of("/chat");
    chat.use((_socket, next) => {
      if (!this.refusal) return next();
      next(Object.assign(new Error("refused"), { data: this.refusal }));
    });
    chat.on("connection", (socket) => this.welcome(socket));
  }

  static async start(): Promise<TestServer> {
    const http = createServer();
    const path = "/galaxy/communication/socket.io";
    const allowRequest: ServerOptions["allowRequest"] = ({ url }, answer) =>
      answer(null, !(server.blocksSockets && url?.includes("transport=websocket")));
    const server: TestServer = new TestServer(http, new Server(http, { path, allowRequest, cors: { origin: true, credentials: true } }));
    http.on("request", (request, response) => void server.answer(request, response));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  get address(): Address {
    const { port } = this.http.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const { transports } = this;
    return { path: "/galaxy/communication/socket.io", namespace: "/chat", url, transports, root: `${url}/galaxy/` };
  }

  /** What is not here asks `fetch`. */
  readonly rest: Rest = {
    ...createRest("/"),
    status: () => Promise.reject(new Error("not asked for")),
    room: () => Promise.resolve(this.current()),
    messages: (_roomId, page) => Promise.resolve(pageOf(this.latest(), page)),
  };

  /** Somebody writes; `silently` as when a frame gets lost. */
  post(user: User, parts: Partial<Message> = {}, silently = false): Message {
    const seq = this.events.length + 1;
    const posted = message(seq, { user, client_id: `server-${seq}`, ...parts });
    this.publish({ seq, type: "message.created", message: posted }, silently);
    return posted;
  }

  change(of: string, parts: Partial<Message>): Message {
    const seq = this.events.length + 1;
    const before = this.latest().find(({ id }) => id === of);
    if (!before) throw new Error(`there is no message ${of}`);
    const changed = { ...before, changed_seq: seq, ...parts };
    this.publish({ seq, type: changed.deleted ? "message.deleted" : "message.updated", message: changed });
    return changed;
  }

  /** Ends all connections; the clients may come back. */
  drop(): void {
    this.io.of("/chat").disconnectSockets(true);
  }

  /** The connections that are there now look alive and are not: as when a cable is pulled. */
  pullCable(): void {
    for (const socket of this.io.of("/chat").sockets.values()) this.dead.add(socket);
  }

  tell(name: string, payload: object): void {
    this.io.of("/chat").emit(name, payload);
  }

  connections(): number {
    return this.io.of("/chat").sockets.size;
  }

  private current(): Room {
    const { read_seq: read } = this.room;
    const unread = this.latest().filter(({ seq, user }) => seq > read && user.id !== this.user.id).length;
    return { ...this.room, head_seq: this.events.length, unread };
  }

  private latest(): Message[] {
    return [...new Map(this.events.map(({ message: changed }) => [changed.id, changed])).values()];
  }

  private publish(event: RoomEvent, silently = false): void {
    this.events.push(event);
    if (!silently) this.tell("room.events", { room_id: this.room.id, ...frame(event) });
  }

  private welcome(socket: ServerSocket): void {
    this.welcomed += 1;
    this.cameBy.push(socket.conn.transport.name);
    socket.onAny((name: string, payload: unknown, ack: Ack) => {
      if (this.dead.has(socket)) return;
      const answer = this.answers[name] ?? this.handlers[name]?.(payload as never);
      if (answer) ack({ ok: true, ...answer });
    });
    if (!this.hangs) socket.emit("ready", this.introduction());
  }

  private introduction(): Ready {
    return ready([this.current()], { user: this.user });
  }

  private readonly handlers: Record<string, (payload: never) => object | null> = {
    "message.send": (sent: MessageSend) => this.store(sent),
    "message.edit": ({ message_id: id, text }: MessageEdit) => ({
      message: this.change(id, { text, edited_at: "2026-01-15T12:00:00.000Z" }),
    }),
    "message.delete": ({ message_id: id }: MessageDelete) => ({
      message: this.change(id, { text: "", deleted: true, reactions: [] }),
    }),
    "message.react": ({ message_id: id, emoji, on }: MessageReact) => ({
      message: this.change(id, { reactions: on ? [{ emoji, count: 1, users: [this.user] }] : [] }),
    }),
    "room.read": ({ seq }: RoomRead) => {
      this.room.read_seq = seq;
      return { room: this.current() };
    },
    "presence.set": ({ status }: PresenceSet) => {
      this.statuses.push(status);
      return {};
    },
    hello: () => {
      const introduction = this.introduction();
      this.readingHello();
      return introduction;
    },
    sync: ({ rooms }: Sync) => ({ rooms: { r1: this.since(rooms["r1"] ?? 0) } }),
  };

  /** REST, for clients without a socket. */
  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split("/api/communication/")[1];
    if (path === undefined) return; // Socket.IO's
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.setHeader("access-control-allow-origin", request.headers.origin ?? "*");
    response.setHeader("access-control-allow-credentials", "true");
    response.setHeader("access-control-allow-headers", "content-type");
    response.setHeader("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE");
    if (request.method === "OPTIONS") return void response.end();
    const asked = `${request.method} ${path}`;
    this.asked.push(asked);
    if (!this.answersRest) return void response.writeHead(502).end();
    const answer = this.restAnswer(asked, JSON.parse(body || "{}") as object);
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  }

  private restAnswer(asked: string, body: object): unknown {
    const call = (name: string, payload: object) => this.handlers[name]?.(payload as never);
    const [, id = "", emoji = ""] = /^\w+ messages\/(\w+)(?:\/reactions\/(.+))?$/.exec(asked) ?? [];
    const changed = (name: string, payload: object) => (call(name, { message_id: id, ...payload }) as { message: Message }).message;
    if (asked === "GET hello") return this.introduction();
    if (asked === "GET rooms") return [this.current()];
    if (asked === "POST sync") return call("sync", body);
    if (asked === "POST rooms/r1/messages") return (call("message.send", body) as { message: Message }).message;
    if (asked === "PUT rooms/r1/read") return (call("room.read", body) as { room: Room }).room;
    if (emoji) return changed("message.react", { emoji: decodeURIComponent(emoji), on: asked.startsWith("PUT") });
    if (asked.startsWith("PATCH ")) return changed("message.edit", body);
    if (asked.startsWith("DELETE ")) return changed("message.delete", {});
    throw new Error(asked);
  }

  private store(sent: MessageSend): object | null {
    this.sends.push(sent);
    const error = this.refusedTexts.get(sent.text)?.shift();
    if (error) return { ok: false, error };
    const known = this.latest().find(({ client_id: id }) => id === sent.client_id);
    const message = known ?? this.post(this.user, { text: sent.text, client_id: sent.client_id });
    return this.swallowAcks ? null : { message };
  }

  private since(applied: number): SyncedRoom {
    const events = this.latest()
      .filter((changed) => changed.changed_seq > applied)
      .sort((a, b) => a.changed_seq - b.changed_seq)
      .map((changed): RoomEvent => {
        const type = changed.seq > applied ? "message.created" : "message.updated";
        return { seq: changed.changed_seq, type, message: changed };
      });
    return { recovered: true, events, head_seq: this.events.length };
  }
}
