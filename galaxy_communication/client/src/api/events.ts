/** The Socket.IO events of the contract with their payloads, for socket.io's typed emitters. */
import type {
  Closed,
  Empty,
  MessageAck,
  MessageDelete,
  MessageEdit,
  MessageReact,
  MessageSend,
  Nothing,
  Notice,
  PresenceChanges,
  PresenceSet,
  Ready,
  RoomAck,
  RoomCreate,
  RoomEvents,
  RoomJoin,
  RoomMember,
  RoomRead,
  RoomReference,
  RoomRemoved,
  RoomTyping,
  RoomUpdated,
  SilenceUpdated,
  Sync,
  SyncAck,
} from "./wire";

export interface ServerPayloads {
  ready: Ready;
  "room.events": RoomEvents;
  "room.updated": RoomUpdated;
  "room.removed": RoomRemoved;
  "room.member": RoomMember;
  "room.typing": RoomTyping;
  presence: PresenceChanges;
  silence: SilenceUpdated;
  notice: Notice;
  closed: Closed;
}

export interface Requests {
  "message.send": { payload: MessageSend; ack: MessageAck };
  "message.edit": { payload: MessageEdit; ack: MessageAck };
  "message.delete": { payload: MessageDelete; ack: MessageAck };
  "message.react": { payload: MessageReact; ack: MessageAck };
  "room.create": { payload: RoomCreate; ack: RoomAck };
  "room.join": { payload: RoomJoin; ack: RoomAck };
  "room.leave": { payload: RoomReference; ack: Empty };
  "room.typing": { payload: RoomReference; ack: Empty };
  "room.read": { payload: RoomRead; ack: RoomAck };
  sync: { payload: Sync; ack: SyncAck };
  hello: { payload: Nothing; ack: Ready };
  "presence.set": { payload: PresenceSet; ack: Empty };
}

export type RequestName = keyof Requests;
export type Payload<Name extends RequestName> = Requests[Name]["payload"];
export type Ack<Name extends RequestName> = Requests[Name]["ack"];

/** How an ack comes over the wire: the answer or `{ok: false, error}`. */
export type Answer<T> = (T & { ok: true }) | { ok: false; error: { code: string; message: string; retry_after?: number } };

export type ServerEvents = { [Name in keyof ServerPayloads]: (payload: ServerPayloads[Name]) => void };
export type ClientEvents = {
  [Name in RequestName]: (payload: Payload<Name>, ack: (answer: Answer<Ack<Name>>) => void) => void;
};
