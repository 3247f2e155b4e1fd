"""What the administrators' page is told; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .moderation_schemas import SanctionEntry
from .schemas import EncodedId, RoomKind, Timestamp, User, Wire


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


class GalaxyGroup(Wire):
    """A group or a role of Galaxy's."""

    id: EncodedId
    name: str
    kind: Literal["group", "role"]
    room_id: EncodedId | None
    """Of its room, where there is one."""
