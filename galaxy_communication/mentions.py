"""Whom a message addresses: the members of its room that it names, and everybody with ``@room``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from . import permissions, text
from .errors import Invalid, RateLimited
from .identity import Identity
from .models import EVERYBODY, Membership, Room

#: Everybody in a room is addressed at most once in this time.
EVERYBODY_SECONDS = 60


def names_in(sources: Iterable[str]) -> set[str]:
    """All that may be a public name in these texts, to ask Galaxy about at once."""
    return {name for source in sources for token in text.addressed(source) for name in text.names(token)}


def users_in(source: str, users: Mapping[str, int]) -> list[int]:
    """Whom a text names, each once, in its order, whether they are in its room or not; `EVERYBODY` for the room."""
    found: list[int] = []
    for token in text.addressed(source):
        known = (EVERYBODY if name == text.ROOM else users.get(name) for name in text.names(token))
        user = next((user for user in known if user is not None), None)
        if user is not None and user not in found:
            found.append(user)
    return found


def members_in(source: str, users: Mapping[str, int], room: Room, members: Collection[tuple[int, int]]) -> list[int]:
    """Of `users_in`, those who are in the room. Raises `Invalid` for too many.

    :param members: the memberships that there are, as (room, user).
    """
    found = [user for user in users_in(source, users) if user == EVERYBODY or (room.id, user) in members]
    if len([user for user in found if user != EVERYBODY]) > text.MAX_MENTIONS:
        raise Invalid(
            f"A message can address {text.MAX_MENTIONS} people.", reason="mentions_full", count=text.MAX_MENTIONS
        )
    return found


def address_everybody(
    author: Identity, room: Room, membership: Membership | None, last: datetime | None, moment: datetime
) -> None:
    """
    :param last: when everybody in this room was last addressed.
    """
    permissions.address_everybody(author, room, membership)
    again = last + timedelta(seconds=EVERYBODY_SECONDS) if last else moment
    if again > moment:
        wait = (again - moment).total_seconds()
        raise RateLimited(
            "Everybody here was addressed a moment ago. Wait, or write without @room.",
            retry_after=wait,
            reason="everybody_again",
        )
