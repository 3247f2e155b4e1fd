"""The Socket.IO events of the wire contract, each with its typed payload: the one place where their names stand.

Run as a module, it prints the JSON schema from which the client's types are generated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import schemas

NAMESPACE = "/chat"


@dataclass(frozen=True)
class ClientEvent:
    name: str
    payload: type[schemas.Payload]
    ack: type[schemas.Wire]


@dataclass(frozen=True)
class ServerEvent:
    name: str
    payload: type[schemas.Wire]
    ephemeral: bool = False
    """Neither stored nor numbered: the first to be left out under pressure."""


MESSAGE_SEND = ClientEvent("message.send", schemas.MessageSend, schemas.MessageAck)
MESSAGE_EDIT = ClientEvent("message.edit", schemas.MessageEdit, schemas.MessageAck)
MESSAGE_DELETE = ClientEvent("message.delete", schemas.MessageReference, schemas.MessageAck)
MESSAGE_REACT = ClientEvent("message.react", schemas.MessageReact, schemas.MessageAck)
ROOM_JOIN = ClientEvent("room.join", schemas.RoomJoin, schemas.RoomAck)
ROOM_LEAVE = ClientEvent("room.leave", schemas.RoomReference, schemas.Empty)
ROOM_READ = ClientEvent("room.read", schemas.RoomRead, schemas.RoomAck)
SYNC = ClientEvent("sync", schemas.Sync, schemas.SyncAck)
PRESENCE_SET = ClientEvent("presence.set", schemas.PresenceSet, schemas.Empty)

READY = ServerEvent("ready", schemas.Ready)
ROOM_EVENTS = ServerEvent("room.events", schemas.RoomEvents)
ROOM_UPDATED = ServerEvent("room.updated", schemas.RoomUpdated)
ROOM_REMOVED = ServerEvent("room.removed", schemas.RoomRemoved)
ROOM_MEMBER = ServerEvent("room.member", schemas.RoomMember)
PRESENCE = ServerEvent("presence", schemas.PresenceChanges, ephemeral=True)
CLOSED = ServerEvent("closed", schemas.Closed)

_DECLARED = tuple(globals().values())
CLIENT_EVENTS = {event.name: event for event in _DECLARED if isinstance(event, ClientEvent)}
SERVER_EVENTS = {event.name: event for event in _DECLARED if isinstance(event, ServerEvent)}


def wire_schema() -> dict[str, Any]:
    """One JSON schema with a definition per model that crosses the wire."""
    sent: set[type[BaseModel]] = {schemas.Status, schemas.Preferences}
    received: set[type[BaseModel]] = {schemas.MessageBody, schemas.MessageUpdate, schemas.PreferencesUpdate}
    for client_event in CLIENT_EVENTS.values():
        received.add(client_event.payload)
        sent.add(client_event.ack)
    sent.update(server_event.payload for server_event in SERVER_EVENTS.values())
    ordered = [(model, "serialization") for model in sorted(sent, key=lambda model: model.__name__)]
    ordered += [(model, "validation") for model in sorted(received, key=lambda model: model.__name__)]
    _, schema = models_json_schema(ordered, title="Wire")  # type: ignore[arg-type]  # the literals widen to str
    return schema


if __name__ == "__main__":
    print(json.dumps(wire_schema(), indent=2, sort_keys=True))
