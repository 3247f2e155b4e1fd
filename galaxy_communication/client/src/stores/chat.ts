/** The chat of one browser tab: what the server tells becomes state, what the user does becomes requests. */
import type { Address, Connection, ConnectionListener } from "../api/connection";
import { ChatError } from "../api/errors";
import type { Ack, Payload, RequestName } from "../api/events";
import { createRest, rootOf, type Rest } from "../api/rest";
import { sharing } from "../api/shared";
import type { Message, MessageAck, Ready, Room, RoomEvent, Socket } from "../api/wire";
import { createWishes } from "../alerts/wishes";
import { createAway } from "./away";
import { openDrafts } from "./drafts";
import { createHistory } from "./history";
import { createMessageActions } from "./messageActions";
import { applyLive, hasHole, put } from "./log";
import { endMutes } from "./mutes";
import { addNotice } from "./notices";
import { createOpenRooms } from "./openRooms";
import { Outbox, type Draft } from "./outbox";
import { createPeople, type People } from "./people";
import { createPersonActions } from "./personActions";
import { createReading } from "./reading";
import { createRoomActions } from "./roomActions";
import { countNew, inOrder, leaveRoom, loudness, putRoom, type RoomEntry } from "./rooms";
import { createSearch } from "./search";
import { rememberedDrafts, rememberedOnline, rememberedRoom, rememberedUser, rememberFor } from "./session";
import { createState, currentRoom, type ChatState } from "./state";
import { createView } from "./view";

export type Chat = ReturnType<typeof createChat>;

export interface ChatOptions {
  root: string;
  socket: Socket;
  rest?: Rest;
  connect?: (address: Address, listener: ConnectionListener) => Connection;
}

/** Hears of what the user asked to be told of at once. */
export interface NewsListener {
  news(entry: RoomEntry, messages: Message[]): void;
  /** So much came while there was no connection. */
  missed(count: number): void;
}

/** What the actions work with. */
export interface ChatParts {
  state: ChatState;
  people: People;
  rest: Rest;
  request: Connection["request"];
  /** For what the user asked for: the error is shown, and the caller need not care. */
  attempt(action: () => Promise<void>): Promise<void>;
  /** What the user did is shown now, although its number's turn may come only with an event. */
  acknowledged(ack: MessageAck): void;
  /** The server's newest record of a room. */
  told(room: Room): RoomEntry;
  show(entry: RoomEntry): void;
  forget(roomId: string): void;
}

export function createChat({ root, socket, rest = createRest(rootOf(socket, root)), connect: open = sharing(root) }: ChatOptions) {
  const state = createState();
  const people = createPeople();
  const away = createAway((status) => void request("presence.set", { status }).catch(() => undefined));
  const stopMutes = endMutes(state.rooms);
  const wishes = createWishes(root, people, () => state.me?.id ?? rememberedUser());
  let newsListener: NewsListener | null = null;
  let connection: Connection | null = null;

  const drafts = openDrafts(root, (clientId) => outbox.forget(clientId));
  const outbox: Outbox = new Outbox(send, (roomId) => state.rooms.get(roomId)?.room.joined ?? false, drafts);
  const history = createHistory(rest, state.rooms, request, applied);
  const reading = createReading(rest, request, isRead, (room) => putRoom(state.rooms, room));

  async function request<Name extends RequestName>(name: Name, payload: Payload<Name>): Promise<Ack<Name>> {
    if (!connection) throw new ChatError("disconnected", "");
    return connection.request(name, payload);
  }

  function isRead(entry: RoomEntry): boolean {
    return state.reading && entry === currentRoom(state);
  }

  async function send({ roomId, text, clientId, replyTo = null }: Draft): Promise<void> {
    acknowledged(await request("message.send", { room_id: roomId, text, client_id: clientId, reply_to: replyTo }));
  }

  /** What the user did is shown now, although its number's turn may come only with an event. */
  function acknowledged({ message }: MessageAck): void {
    const entry = state.rooms.get(message.room_id);
    if (entry) put(entry.log, message);
    messages.heard([message]);
  }

  /** Both live and replayed events end here. */
  function applied(entry: RoomEntry, events: RoomEvent[]): void {
    for (const { message } of events) if (message.user.id === state.me?.id) outbox.remove(message.client_id);
    messages.heard(events.map(({ message }) => message));
    search.heard(events.map(({ message }) => message));
    people.heard(events.map(({ message }) => message));
    const news = countNew(entry, events, state.me?.id ?? "", (userId) => people.state.muted.has(userId));
    reading.mark(entry);
    view.heard(entry);
    if (news.length > 0) newsListener?.news(entry, news);
  }

  function begin(ready: Ready): void {
    if (state.me && state.me.id !== ready.user.id) {
      state.rooms.clear(); // with what somebody else has typed and read
      state.openIds = [];
      search.reset();
    }
    const loudBefore = state.ready && state.me?.id === ready.user.id ? loudness(state.rooms) : Infinity;
    state.me = ready.user;
    state.isAdmin = ready.is_admin;
    state.silence = ready.silence;
    state.limits = ready.limits;
    people.begin(ready);
    away.resume();
    state.notice = null;
    rememberFor(ready.user.id);
    rememberedOnline.set(true);
    const present = new Set(ready.rooms.map((room) => room.id));
    for (const id of state.rooms.keys()) if (!present.has(id)) state.rooms.delete(id);
    for (const room of ready.rooms) {
      const { log } = putRoom(state.rooms, room);
      if (log.state === "unloaded") log.applied = log.missed = room.head_seq;
    }
    tabs.restore();
    const behind = [...state.rooms.values()].filter(({ log, room }) => room.joined && log.state !== "unloaded");
    history.sync(behind).catch(() => undefined); // only a lost connection ends it: the next `ready` comes here again
    state.ready = true;
    const missed = loudness(state.rooms) - loudBefore;
    if (missed > 0) newsListener?.missed(missed);
    if (!currentRoom(state)) showSome();
    else void history.open(currentRoom(state) as RoomEntry);
    void outbox.resume(ready.user.id);
  }

  /** The room of the last visit, else the first in the list. */
  function showSome(): void {
    const remembered = state.rooms.get(rememberedRoom.get() ?? "");
    const entry = remembered?.room.joined ? remembered : inOrder(state.rooms).find(({ room }) => room.joined);
    if (entry) show(entry);
    else state.currentId = null;
  }

  function show(entry: RoomEntry): void {
    if (state.currentId !== entry.room.id) state.reading = false; // until its list is on screen
    state.currentId = entry.room.id;
    rememberedRoom.set(entry.room.id);
    tabs.add(entry);
    void history.open(entry);
  }

  const listener: ConnectionListener = {
    state: (next) => (state.connection = next),
    ready: begin,
    roomEvents({ room_id: roomId, ...frame }) {
      const entry = state.rooms.get(roomId);
      if (!entry?.room.joined) return;
      applied(entry, applyLive(entry.log, frame));
      if (hasHole(entry.log)) history.sync([entry]).catch(() => undefined);
    },
    roomUpdated: ({ room }) => void told(room),
    roomMember({ room_id: roomId, user, joined }) {
      const entry = state.rooms.get(roomId);
      if (!entry || user.id === state.me?.id) return; // one's own coming and going is counted in the room's record
      entry.room = { ...entry.room, member_count: entry.room.member_count + (joined ? 1 : -1) };
      addNotice(entry, user, joined);
    },
    typing: people.typing,
    presence: people.presence,
    silence: ({ silence }) => (state.silence = silence),
    notice(notice) {
      if (notice.reason === "banned_from") state.news = null; // which says less
      state.told = notice;
    },
    nextTry: (at) => (state.nextTry = at),
    polling: (on) => (state.polling = on),
    roomRemoved({ room_id: roomId, reason }) {
      const entry = state.rooms.get(roomId);
      if (entry?.room.joined && reason !== "left") state.news = { reason, room: entry.room.name };
      forget(roomId);
    },
    refused(error) {
      connection = null;
      away.stop();
      state.online = false; // the tab still remembers it: after a new login all is as before
      state.refused = error;
    },
  };

  function told(room: Room): RoomEntry {
    const before = state.rooms.get(room.id)?.toldRead ?? 0;
    const entry = putRoom(state.rooms, room);
    if (entry.toldRead < before) void reading.verify(entry, before);
    else reading.mark(entry);
    return entry;
  }

  /** A listed room stays in sight, to be joined again. */
  function forget(roomId: string): void {
    const entry = state.rooms.get(roomId);
    if (!entry?.room.joined) return;
    const next = tabs.drop(roomId);
    if (entry.room.listed && !entry.room.archived) leaveRoom(entry, state.isAdmin);
    else state.rooms.delete(roomId);
    if (state.currentId === roomId && next) show(next);
    else if (state.currentId === roomId) showSome();
    outbox.advance(roomId);
  }

  function goOnline(): void {
    if (connection) return;
    state.online = true;
    state.refused = null;
    rememberedOnline.set(true);
    connection = open({ ...socket, root: rootOf(socket, root) }, listener);
    away.start();
  }

  /** Ends the connection without changing what the tab remembers. */
  function stop(): void {
    connection?.close();
    connection = null;
    Object.assign(state, { connection: "offline", nextTry: null, polling: false });
    away.stop();
    people.stopWriting();
  }

  /** The end of this object. */
  function close(): void {
    stop();
    stopMutes();
    wishes.stop();
    drafts.close();
  }

  function goOffline(): void {
    stop();
    Object.assign(state, { online: false, ready: false, refused: null, notice: null, news: null, told: null, reading: false });
    rememberedOnline.set(false);
  }

  /** For what the user asked for: the error is shown, and the caller need not care. */
  async function attempt(action: () => Promise<void>): Promise<void> {
    state.notice = null;
    try {
      await action();
    } catch (error) {
      state.notice = error instanceof ChatError ? error : new ChatError("unexpected", "");
    }
  }

  const parts: ChatParts = { state, people, rest, request, attempt, acknowledged, told, show, forget };
  const tabs = createOpenRooms(state, show);
  const messages = createMessageActions(parts);
  const view = createView(parts, history, reading);
  const search = createSearch(parts);

  return {
    state,
    people,
    wishes,
    outbox,
    onNews: (listener: NewsListener) => void (newsListener = listener),
    goOnline,
    goOffline,
    tryNow: () => connection?.tryNow(),
    close,
    show,
    draft(entry: RoomEntry, text: string): void {
      entry.draft = text;
      rememberedDrafts.set(entry.room.id, text);
    },
    send(entry: RoomEntry, text: string): void {
      outbox.add(entry.room.id, entry.room.name, text, entry.replyTo?.id);
      entry.replyTo = null;
      view.wrote(entry);
    },
    ...messages,
    ...createRoomActions(parts),
    ...createPersonActions(parts),
    ...view.actions,
    ...tabs.actions,
    search,
    openSearch: search.open,
    closeSearch: search.close,
    dismissNotice: () => (state.notice = null),
    dismissNews: () => (state.news = null),
    dismissTold: () => (state.told = null),
  };
}
