"""What administrators are shown; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .moderation_schemas import SanctionEntry
from .schemas import EncodedId, RoomKind, Seq, Timestamp, User, Wire

WarningReason = Literal[
    "chat_off",
    "pending_migration",
    "workers_without_bus",
    "workers_not_heard",
    "bus_silent",
    "shared_sqlite",
    "database_slow",
    "queue_long",
]


class AdminRoom(Wire):
    """A room as whoever looks after the server sees it, in it or not: what it is, and nothing of what is said there."""

    id: EncodedId
    name: str
    topic: str
    kind: RoomKind
    member_count: int
    message_count: int
    """Those that were deleted are among them: they keep their places."""
    owner: User | None
    group_name: str | None
    """Of the Galaxy group or role whose room it is, as long as there is one."""
    created_at: Timestamp
    last_message_at: Timestamp | None
    archived: bool
    read_only: bool
    slow_mode_seconds: int
    configured: bool
    """galaxy.yml names it: it is neither renamed nor archived here."""


class AdminUser(Wire):
    """Somebody as whoever looks after the server sees them."""

    user: User
    email: str | None
    """None where Galaxy has purged the account."""
    deleted: bool
    message_count: int
    """Those that were deleted are among them."""
    last_message_at: Timestamp | None
    silence: SanctionEntry | None
    """The one in force."""
    ban: SanctionEntry | None


class Worker(Wire):
    """A process that serves the chat."""

    name: str
    """``host:pid``"""
    started_at: Timestamp
    seen_at: Timestamp
    connections: int
    queue: int
    """What waits to be stored."""
    is_this: bool
    """It has answered; its numbers are of now, those of the others some seconds old."""


class DatabaseFigures(Wire):
    engine: Literal["sqlite", "postgresql"]
    separate: bool
    """Not Galaxy's own."""
    milliseconds: float | None
    """In which it has answered a small question; None where it has not."""


class Warning(Wire):  # noqa: A001  # the word of the contract
    """Something that whoever looks after the server should know."""

    reason: WarningReason
    message: str
    values: dict[str, str | int]


class Figures(Wire):
    """How the chat is, now, all its processes together."""

    online: int
    """People; who is connected to two processes is counted in both."""
    connections: int
    messages_per_minute: float
    queue: int
    workers: list[Worker]
    bus: str
    database: DatabaseFigures
    version: str
    galaxy_version: str
    warnings: list[Warning]


class DayFigures(Wire):
    date: str
    """``YYYY-MM-DD``, in UTC."""
    messages: int
    """Without those that were deleted."""
    authors: int


class RoomFigures(Wire):
    id: EncodedId | None
    """None of all conversations of two together."""
    name: str
    kind: RoomKind
    messages: int


class Statistics(Wire):
    days: list[DayFigures]
    """The oldest first; none is left out."""
    rooms: list[RoomFigures]
    """The busiest of these days, the busiest first."""


class GalaxyGroup(Wire):
    """A group or a role of Galaxy's."""

    id: EncodedId
    name: str
    kind: Literal["group", "role"]
    room_id: EncodedId | None
    """Of its room, where there is one."""


FilterAction = Literal["refuse", "mask", "report"]


class FilterList(Wire):
    action: FilterAction
    words: list[str]
    patterns: list[str]


class WordFilter(Wire):
    lists: list[FilterList]
    """One for each action, in their order."""


class FilterOutcome(Wire):
    """What would become of a text."""

    action: FilterAction | None
    text: str
    """As it would be stored."""
    found: list[str]
    """As it is written in the text."""


class RetentionDays(Wire):
    """For how many days messages are kept, by kind of room; None: for ever."""

    lobby: int | None
    persistent: int | None
    public: int | None
    private: int | None
    direct: int | None
    group: int | None


class Retention(Wire):
    days: RetentionDays
    erasure: Literal["keep", "remove"]
    """What becomes of the messages of those whom Galaxy has deleted or purged."""
    last_run: Timestamp | None


class RetentionPreview(Wire):
    """What a purge would remove now."""

    messages: int
    by_kind: dict[RoomKind, int]
    people: int
    """Who would be erased."""


class ExportedUser(Wire):
    id: EncodedId
    username: str | None


class ExportedMessage(Wire):
    """A line of an export: a message, without what others did to it but for how many reacted."""

    id: EncodedId
    room_id: EncodedId
    room_name: str
    """Of a conversation of two, the other one's."""
    room_kind: RoomKind
    seq: Seq
    user: ExportedUser
    acting_admin: ExportedUser | None
    text: str
    created_at: Timestamp
    edited_at: Timestamp | None
    deleted: bool
    """Then without its text."""
    pinned: bool
    reply_to: EncodedId | None
    reactions: dict[str, int]
    """How many, by emoji."""
