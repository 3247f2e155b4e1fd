"""The objects of the wire contract: what the server sends.

Ids are Galaxy-encoded strings, times are UTC. The client's TypeScript types are generated from these models
(``python -m galaxy_communication.events``), so a change here is a change of the contract: additions only.
"""

from __future__ import annotations

from datetime import datetime, timezone
from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def storable(value: str) -> str:
    """JSON can spell half a character, which no database takes; the caller is told instead."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds half a surrogate pair")
    return value


def no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


#: ISO 8601 in UTC with a ``Z``; the datetimes are always aware.
Timestamp = Annotated[datetime, PlainSerializer(_utc, return_type=str, when_used="json")]
#: An id as Galaxy's API encodes it: 16 hexadecimal digits or a multiple of that.
EncodedId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
#: Numbers of a room's changes. Stored as 64 bits; clients count in doubles.
Seq = Annotated[int, Field(ge=0, le=2**53 - 1)]
RoomKind = Literal["lobby", "persistent", "public", "private", "direct", "group"]
NotifyLevel = Literal["all", "mentions", "nothing"]
Role = Literal["owner", "moderator", "member"]
PresenceStatus = Literal["online", "away", "offline"]
EventType = Literal["message.created", "message.updated", "message.deleted"]
Language = Literal["en", "de", "es", "fr", "ja", "zh"]


class RoomRemovedReason(str, Enum):
    LEFT = "left"
    REMOVED = "removed"
    ARCHIVED = "archived"
    DELETED = "deleted"


class Wire(BaseModel):
    """What the server sends. Frozen, because one object goes to many people."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


# Objects


class User(Wire):
    id: EncodedId
    username: str | None
    """None where the user has no public name, or is no more."""
    avatar_color: str


class Member(User):
    role: Role
    joined_at: Timestamp
    status: PresenceStatus
    """``offline`` also where they do not want it shown."""


class Room(Wire):
    """A room as one user sees it: names of conversations, and all from ``read_seq`` on, are the viewer's own."""

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
    """At most `unread_queries.UNREAD_CAP`: more are not counted."""
    mentions: int
    notify: NotifyLevel
    archived: bool
    slow_mode_seconds: int
    read_only: bool  # only its moderators write
    can_post: bool
    can_moderate: bool
    muted_until: Timestamp | None
    role: Role | None  # None for who is not in it
    other: User | None
    """Of a conversation of two, the one who is not the viewer."""
    can_invite: bool
    can_manage: bool  # name, topic, archive and roles


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
    mentions_room: bool
    """Addresses everybody in the room."""
    pinned: bool


class Revision(Wire):
    """What a message once said."""

    text: str
    replaced_at: Timestamp


class RoomEvent(Wire):
    seq: Seq
    type: EventType
    message: Message


class Rate(Wire):
    amount: int
    seconds: int


class Limits(Wire):
    """Lengths are in characters (Unicode code points)."""

    max_message_length: int
    max_room_name_length: int
    max_topic_length: int
    max_mentions: int  # different people whom one message may address
    max_room_mention_members: int  # in larger rooms only those who moderate may address everybody by `@room`
    rates: dict[str, list[Rate]]
    """How often one may do something, by `ratelimit.Kind`: so many in any so many seconds, all at once."""


class Server(Wire):
    version: str


Transport = Literal["websocket", "polling"]
StatusWarning = Literal["workers_without_bus", "workers_not_heard"]


class Socket(Wire):
    path: str
    namespace: str
    url: str | None
    """Origin of the process that serves the socket; None where it is Galaxy's own."""
    transports: list[Transport]
    """Those that work, the one to try first at the beginning."""


class Status(Wire):
    enabled: bool
    user_enabled: bool
    available: bool
    is_admin: bool
    version: str
    socket: Socket
    unread: int
    mentions: int
    language: Language | None  # as in `Preferences`, where chat is available
    warnings: list[StatusWarning]
    """For administrators: how Galaxy is set up wrongly for the chat."""


class Silence(Wire):
    """They may read, not write: by a moderator's word or, automatically, because they flooded a room."""

    automatic: bool
    until: Timestamp | None  # until it is lifted
    reason: str


class Preferences(Wire):
    enabled: bool
    presence: bool  # whether others see when one is there
    typing: bool  # whether others see that one is writing
    notifications: bool  # whether Galaxy notifies one of what one was told while away
    sound: bool  # whether one's browsers sound a tone for what deserves a notification
    language: Language | None  # None: that of Galaxy's page, or else the browser's


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
    """Of those one shares a room with, as far as presence is told (`presence.ROOM_CAP`)."""
    limits: Limits
    server: Server
    can_create_rooms: bool  # public ones; everybody may make private ones
    muted: list[User]
    """Whose messages one does not want to see."""
    preferences: Preferences
    silence: Silence | None


class RoomEvents(Wire):
    room_id: EncodedId
    events: list[RoomEvent]
    after_seq: Seq
    """What changed after this number and up to ``head_seq`` is all here, each message at least in its latest state. A
    message that changed twice may come once: numbers between the two that no event has are not missing."""
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


class RoomTyping(Wire):
    room_id: EncodedId
    user: User


class PresenceChange(Wire):
    user: User
    status: PresenceStatus


class PresenceChanges(Wire):
    changes: list[PresenceChange]


class SilenceUpdated(Wire):
    silence: Silence | None
    """None: it was lifted, or is over."""


class Closed(Wire):
    code: str
    message: str
    retry_after: float | None = None  # seconds until a ban is over
    reason: str | None = None
    values: dict[str, str | int] | None = None
