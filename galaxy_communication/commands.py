"""What people ask for that changes a room. All of them can be sent twice: what is so already changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from . import schemas
from .identity import Identity
from .models import Message


@dataclass(frozen=True)
class Send:
    author: Identity
    room_id: int
    text: str
    client_id: str
    reply_to_id: int | None


@dataclass(frozen=True)
class Edit:
    author: Identity
    message_id: int
    text: str


@dataclass(frozen=True)
class Delete:
    author: Identity
    message_id: int
    reason: str = ""
    """Why a moderator deletes what is another's."""


@dataclass(frozen=True)
class React:
    author: Identity
    message_id: int
    emoji: str
    on: bool


@dataclass(frozen=True)
class Pin:
    author: Identity
    message_id: int
    on: bool


Command = Send | Edit | Delete | React | Pin


@dataclass(frozen=True)
class Change:
    message: Message
    """As it was right after the command."""
    fresh: bool
    """False where the command changed nothing."""
    addressed: tuple[int, ...] = ()
    """The users whom a new message speaks to, `EVERYBODY` among them; of a conversation of two, the other one."""


@dataclass(frozen=True)
class Stored:
    """A committed change, as it is told."""

    room_id: int
    message: schemas.Message
    fresh: bool
    addressed: tuple[int, ...]
    """As in `Change`."""
