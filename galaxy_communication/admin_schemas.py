"""What the server sends to administrators; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .schemas import EncodedId, RoomKind, Seq, Timestamp, Wire


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
