"""What moderators are told; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .schemas import EncodedId, Message, RoomKind, Timestamp, User, Wire

Act = Literal[
    "silence",
    "lift_silence",
    "ban",
    "lift_ban",
    "delete_message",
    "remove_member",
    "set_role",
    "rename",
    "set_topic",
    "archive",
    "unarchive",
    "switch_on",
    "switch_off",
    "set_slow_mode",
    "set_read_only",
    "report",
    "resolve_report",
    "set_word_filter",
    "set_retention",
    "erase_user",
    "delete_room",
    "export_room",
    "ban_from_room",
    "lift_room_ban",
]
Outcome = Literal["dismissed", "acted"]


class AuditEntry(Wire):
    """Who did what to whom."""

    id: EncodedId
    at: Timestamp
    act: Act
    actor: User | None
    """None where it was the chat itself."""
    acting_admin: User | None
    """Who impersonated the actor."""
    target: User | None
    room_id: EncodedId | None
    room_name: str | None
    message_id: EncodedId | None
    reason: str
    detail: dict[str, str | int | bool | None]
    """Of a silence or ban ``until``; of a room what was changed, ``before`` and ``after``."""


class SanctionEntry(Wire):
    """A silence or a ban, in force or not."""

    id: EncodedId
    kind: Literal["silence", "ban"]
    user: User
    actor: User | None
    """None where it was the chat itself."""
    reason: str
    since: Timestamp
    until: Timestamp | None
    lifted_at: Timestamp | None
    active: bool
    """Neither lifted nor over."""
    room_id: EncodedId | None
    """Of a ban from one room; None where it is for the whole chat."""
    room_name: str | None


class Report(Wire):
    """As whoever reported a message is told."""

    id: EncodedId
    message_id: EncodedId
    reason: str
    created_at: Timestamp


class ReportedMessage(Report):
    """As moderators see a report."""

    reporter: User | None
    """None where it was the chat itself, for what its word filter found."""
    room_id: EncodedId
    room_name: str
    """Empty of a conversation of two."""
    room_kind: RoomKind
    message: Message
    """As it is now, but for its text: that is what it said when it was reported."""
    context: list[Message]
    """Of a conversation of two, a few messages before and after it, the oldest first; of rooms none."""
    resolved_at: Timestamp | None
    resolved_by: User | None
    outcome: Outcome | None
    note: str


class Notice(Wire):
    """Something that one should know of, and that is in no room."""

    level: Literal["info", "warning"]
    text: str
    """In English."""
    reason: str
    """For clients that say it in another language."""
    values: dict[str, str | int]
    """What stands in it."""
