/** A small chat server that keeps the contract: a real Socket.IO server on a port of its own, its rooms in memory. */
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Server, type Socket as ServerSocket } from "socket.io";

import type { Rest } from "../src/api/rest";
import type { Message, MessageSend, Room, RoomEvent, Socket, Sync, SyncedRoom, User } from "../src/api/wire";
import { alice, message, ready, room } from "./samples";

type Ack = (answer: object) => void;

export class TestServer {
  readonly room: Room = room();
  readonly events: RoomEvent[] = [];
  readonly sends: MessageSend[] = [];
  /** Refuses the next connections with this error. */
  refusal: object | null = null;
  /** Answers these requests so. */
  readonly answers: Record<string, object> = {};
  /** Stores what is sent, but keeps the ack back. */
  swallowAcks = false;

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
    const server = new TestServer(http, new Server(http, { path: "/galaxy/communication/socket.io" }));
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return server;
  }

  async stop(): Promise<void> {
    await this.io.close();
  }

  get address(): Socket {
    const { port } = this.http.address() as AddressInfo;
    return { path: "/galaxy/communication/socket.io", namespace: "/chat", url: `http://127.0.0.1:${port}` };
  }

  readonly rest: Rest = {
    status: () => Promise.reject(new Error("not asked for")),
    room: () => Promise.resolve(this.current()),
    messages: (_roomId, { before = Infinity, limit }) =>
      Promise.resolve(
        this.latest()
          .filter(({ seq }) => seq < before)
          .sort((a, b) => b.seq - a.seq)
          .slice(0, limit),
      ),
  };

  /** Somebody writes; `silently` as when a frame gets lost. */
  post(user: User, parts: Partial<Message> = {}, silently = false): Message {
    const seq = this.events.length + 1;
    const posted = message(seq, { user, client_id: `server-${seq}`, ...parts });
    this.publish({ seq, type: "message.created", message: posted }, silently);
    return posted;
  }

  edit(of: Message, text: string): void {
    const seq = this.events.length + 1;
    this.publish({ seq, type: "message.updated", message: { ...of, changed_seq: seq, text } });
  }

  /** Ends all connections; the clients may come back. */
  drop(): void {
    this.io.of("/chat").disconnectSockets(true);
  }

  tell(name: string, payload: object): void {
    this.io.of("/chat").emit(name, payload);
  }

  connections(): number {
    return this.io.of("/chat").sockets.size;
  }

  private current(): Room {
    const { read_seq: read } = this.room;
    const unread = this.latest().filter(({ seq, user }) => seq > read && user.id !== alice.id).length;
    return { ...this.room, head_seq: this.events.length, unread };
  }

  private latest(): Message[] {
    return [...new Map(this.events.map(({ message: changed }) => [changed.id, changed])).values()];
  }

  private publish(event: RoomEvent, silently = false): void {
    this.events.push(event);
    if (!silently) this.tell("room.events", { room_id: this.room.id, events: [event], head_seq: event.seq });
  }

  private welcome(socket: ServerSocket): void {
    socket.on("message.send", (sent: MessageSend, ack: Ack) => {
      this.sends.push(sent);
      const known = this.latest().find(({ client_id: id }) => id === sent.client_id);
      const stored = known ?? this.post(alice, { text: sent.text, client_id: sent.client_id });
      if (!this.swallowAcks) ack({ ok: true, message: stored });
    });
    socket.on("sync", ({ rooms }: Sync, ack: Ack) => ack({ ok: true, rooms: { r1: this.since(rooms["r1"] ?? 0) } }));
    socket.on("room.read", ({ seq }: { seq: number }, ack: Ack) => {
      this.room.read_seq = seq;
      ack({ ok: true, room: this.current() });
    });
    for (const [name, answer] of Object.entries(this.answers)) {
      socket.on(name, (_payload: unknown, ack: Ack) => ack(answer));
    }
    socket.emit("ready", ready([this.current()]));
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
