"""The Socket.IO events of the wire contract, each with its typed payload: the one place where their names stand.

Run as a module, it prints the JSON schema from which the client's types are generated.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from . import payloads, schemas
from .admin_payloads import FilterAttempt, RetentionUpdate, WordFilterUpdate
from .admin_schemas import (
    AdminRoom,
    AdminUser,
    ExportedMessage,
    Figures,
    FilterOutcome,
    GalaxyGroup,
    Retention,
    RetentionPreview,
    Statistics,
    WordFilter,
)
from .moderation_schemas import AuditEntry, Notice, Report, ReportedMessage, SanctionEntry

NAMESPACE = "/chat"


@dataclass(frozen=True)
class ClientEvent:
    name: str
    payload: type[payloads.Payload]
    ack: type[schemas.Wire]


@dataclass(frozen=True)
class ServerEvent:
    name: str
    payload: type[schemas.Wire]
    ephemeral: bool = False
    """Neither stored nor numbered: the first to be left out under pressure."""


MESSAGE_SEND = ClientEvent("message.send", payloads.MessageSend, schemas.MessageAck)
MESSAGE_EDIT = ClientEvent("message.edit", payloads.MessageEdit, schemas.MessageAck)
MESSAGE_DELETE = ClientEvent("message.delete", payloads.MessageDelete, schemas.MessageAck)
MESSAGE_REACT = ClientEvent("message.react", payloads.MessageReact, schemas.MessageAck)
ROOM_CREATE = ClientEvent("room.create", payloads.RoomCreate, schemas.RoomAck)
ROOM_JOIN = ClientEvent("room.join", payloads.RoomJoin, schemas.RoomAck)
ROOM_LEAVE = ClientEvent("room.leave", payloads.RoomReference, schemas.Empty)
ROOM_READ = ClientEvent("room.read", payloads.RoomRead, schemas.RoomAck)
ROOM_TYPING = ClientEvent("room.typing", payloads.RoomReference, schemas.Empty)
SYNC = ClientEvent("sync", payloads.Sync, schemas.SyncAck)
HELLO = ClientEvent("hello", payloads.Nothing, schemas.Ready)
PRESENCE_SET = ClientEvent("presence.set", payloads.PresenceSet, schemas.Empty)

READY = ServerEvent("ready", schemas.Ready)
ROOM_EVENTS = ServerEvent("room.events", schemas.RoomEvents)
ROOM_UPDATED = ServerEvent("room.updated", schemas.RoomUpdated)
ROOM_REMOVED = ServerEvent("room.removed", schemas.RoomRemoved)
ROOM_MEMBER = ServerEvent("room.member", schemas.RoomMember)
TYPING = ServerEvent("room.typing", schemas.RoomTyping, ephemeral=True)
PRESENCE = ServerEvent("presence", schemas.PresenceChanges, ephemeral=True)
SILENCE = ServerEvent("silence", schemas.SilenceUpdated)
NOTICE = ServerEvent("notice", Notice)
CLOSED = ServerEvent("closed", schemas.Closed)

_DECLARED = tuple(globals().values())
CLIENT_EVENTS = {event.name: event for event in _DECLARED if isinstance(event, ClientEvent)}
SERVER_EVENTS = {event.name: event for event in _DECLARED if isinstance(event, ServerEvent)}


def wire_schema() -> dict[str, Any]:
    """One JSON schema with a definition per model that crosses the wire."""
    sent: set[type[BaseModel]] = {schemas.Status, schemas.Preferences, schemas.Member, schemas.Revision}
    sent |= {AuditEntry, Report, ReportedMessage, SanctionEntry}
    sent |= {AdminRoom, AdminUser, ExportedMessage, Figures, FilterOutcome, GalaxyGroup}
    sent |= {Retention, RetentionPreview, Statistics, WordFilter}
    received: set[type[BaseModel]] = {
        FilterAttempt,
        RetentionUpdate,
        WordFilterUpdate,
        payloads.Invitation,
        payloads.MembershipUpdate,
        payloads.MemberUpdate,
        payloads.MessageBody,
        payloads.MessageReport,
        payloads.MessageUpdate,
        payloads.PreferencesUpdate,
        payloads.ReadPointer,
        payloads.Resolution,
        payloads.RoomUpdate,
        payloads.Sanction,
        payloads.StatusUpdate,
    }
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
