"""The objects and payloads of the wire contract.

Ids are Galaxy-encoded strings, times are UTC. The client's TypeScript types are generated from these models
(``python -m galaxy_communication.events``), so a change here is a change of the contract: additions only.
"""

from __future__ import annotations

from datetime import datetime, timezone
from enum import Enum
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _storable(value: str) -> str:
    """JSON can spell half a character, which no database takes; the caller is told instead."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds half a surrogate pair")
    return value


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


#: ISO 8601 in UTC with a ``Z``; the datetimes are always aware.
Timestamp = Annotated[datetime, PlainSerializer(_utc, return_type=str, when_used="json")]
#: An id as Galaxy's API encodes it: 16 hexadecimal digits or a multiple of that.
EncodedId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
#: Chosen by the sender, unique for this author in this room.
ClientId = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(_storable), AfterValidator(_no_nul)
]
#: Markdown source as its author typed it.
SourceText = Annotated[str, AfterValidator(_storable)]
#: One emoji, as its sender's keyboard spells it.
Emoji = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_storable)]
#: Numbers of a room's changes. Stored as 64 bits; clients count in doubles.
Seq = Annotated[int, Field(ge=0, le=2**53 - 1)]
RoomKind = Literal["lobby", "persistent", "public", "private", "direct", "group"]
NotifyLevel = Literal["all", "mentions", "nothing"]
PresenceStatus = Literal["online", "away", "offline"]
EventType = Literal["message.created", "message.updated", "message.deleted"]


class RoomRemovedReason(str, Enum):
    LEFT = "left"
    REMOVED = "removed"
    ARCHIVED = "archived"


class Wire(BaseModel):
    """What the server sends. Frozen, because one object goes to many people."""

    model_config = ConfigDict(frozen=True)


class Payload(BaseModel):
    """What a client sends. A field that we do not know is a mistake worth telling."""

    model_config = ConfigDict(extra="forbid", strict=True)


# Objects


class User(Wire):
    id: EncodedId
    username: str | None
    """None where the user has no public name, or is no more."""
    avatar_color: str


class Room(Wire):
    """A room as one user sees it: ``joined`` to ``can_moderate`` are the viewer's own."""

    id: EncodedId
    name: str
    topic: str
    kind: RoomKind
    listed: bool
    joined: bool
    member_count: int
    head_seq: Seq
    read_seq: Seq
    unread: int
    mentions: int
    notify: NotifyLevel
    archived: bool
    slow_mode_seconds: int
    can_post: bool
    can_moderate: bool


class Reaction(Wire):
    emoji: str
    count: int
    users: list[User]


class Share(Wire):
    type: str
    id: str
    state: Literal["ok", "no_access", "gone"]
    name: str | None = None
    detail: str | None = None
    url: str | None = None


class Message(Wire):
    id: EncodedId
    room_id: EncodedId
    seq: Seq
    changed_seq: Seq
    user: User
    text: str
    created_at: Timestamp
    edited_at: Timestamp | None
    deleted: bool
    reply_to: EncodedId | None
    mentions: list[User]
    reactions: list[Reaction]
    shares: list[Share]
    client_id: str
    acting_admin: User | None


class RoomEvent(Wire):
    seq: Seq
    type: EventType
    message: Message


class Limits(Wire):
    max_message_length: int
    """In characters (Unicode code points)."""


class Server(Wire):
    version: str


class Socket(Wire):
    path: str
    namespace: str
    url: str | None
    """Origin of the process that serves the socket; None where it is Galaxy's own."""


class Status(Wire):
    enabled: bool
    user_enabled: bool
    available: bool
    version: str
    socket: Socket
    unread: int
    mentions: int


class Preferences(Wire):
    enabled: bool


# What clients send


class ShareReference(Payload):
    type: str
    id: str


def _none_yet(shares: list[ShareReference]) -> list[ShareReference]:
    if shares:
        raise ValueError("sharing objects of Galaxy is not possible yet")
    return shares


class MessageBody(Payload):
    text: SourceText
    client_id: ClientId
    reply_to: EncodedId | None = None
    shares: Annotated[list[ShareReference], AfterValidator(_none_yet)] = []


class MessageSend(MessageBody):
    room_id: EncodedId


class MessageUpdate(Payload):
    text: SourceText


class MessageReference(Payload):
    message_id: EncodedId


class MessageEdit(MessageUpdate, MessageReference):
    pass


class MessageReact(MessageReference):
    emoji: Emoji
    on: bool


class RoomJoin(Payload):
    """By ``room_id`` or, for rooms that may be found, by ``name``."""

    room_id: EncodedId | None = None
    name: Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_storable)] | None = None


class RoomReference(Payload):
    room_id: EncodedId


class RoomRead(Payload):
    room_id: EncodedId
    seq: Seq


class Sync(Payload):
    rooms: Annotated[dict[EncodedId, Seq], Field(max_length=1000)]
    """The last number applied, by room."""


class PresenceSet(Payload):
    status: Literal["online", "away"]


class PreferencesUpdate(Payload):
    enabled: bool


# What the server answers and tells


class MessageAck(Wire):
    message: Message


class RoomAck(Wire):
    room: Room


class Empty(Wire):
    pass


class SyncedRoom(Wire):
    recovered: bool
    """False: the gap was too large and ``events`` is the newest page, not a continuation."""
    events: list[RoomEvent]
    head_seq: Seq


class SyncAck(Wire):
    rooms: dict[EncodedId, SyncedRoom]


class Ready(Wire):
    user: User
    is_admin: bool
    rooms: list[Room]
    online: list[User]
    limits: Limits
    server: Server


class RoomEvents(Wire):
    room_id: EncodedId
    events: list[RoomEvent]
    head_seq: Seq


class RoomUpdated(Wire):
    room: Room


class RoomRemoved(Wire):
    room_id: EncodedId
    reason: RoomRemovedReason


class RoomMember(Wire):
    room_id: EncodedId
    user: User
    joined: bool


class PresenceChange(Wire):
    user: User
    status: PresenceStatus


class PresenceChanges(Wire):
    changes: list[PresenceChange]


class Closed(Wire):
    code: str
    message: str
