"""What moderators are told; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .schemas import EncodedId, Timestamp, User, Wire

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
]


class AuditEntry(Wire):
    """Who did what to whom."""

    id: EncodedId
    at: Timestamp
    act: Act
    actor: User | None
    """None where it was the chat itself."""
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
