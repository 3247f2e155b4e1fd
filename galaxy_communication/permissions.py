"""Who may do what: pure functions of the acting user, the room and the membership, that return or raise."""

from __future__ import annotations

from dataclasses import dataclass

from .errors import Archived, Forbidden, NotFound
from .models import Membership, Room

#: Kinds of rooms that everybody on the server may see and join.
LISTED_KINDS = ("lobby", "persistent", "public")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a request or connection brought to say who it is. Galaxy's session goes before a key, as in Galaxy's API."""

    session_cookie: str | None = None
    api_key: str | None = None
    bearer_token: str | None = None
    run_as: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The person behind a request or a connection, as Galaxy vouches for them."""

    user_id: int
    username: str | None
    is_admin: bool
    session_id: int | None = None
    """Galaxy's session, None where an API key was used."""


def see(room: Room | None, membership: Membership | None, what: str = "room") -> Room:
    """
    :param what: was asked for and is in the room. Whether the room is hidden or ``what`` is missing, nobody can tell.
    """
    if room is None or (room.kind not in LISTED_KINDS and membership is None):
        raise NotFound(f"There is no such {what}.")
    return room


def can_post(room: Room, membership: Membership | None) -> bool:
    return membership is not None and room.archived_at is None


def post(room: Room | None, membership: Membership | None) -> Room:
    room = see(room, membership)
    if room.archived_at is not None:
        raise Archived("This room is archived: it can be read, not written to.")
    if not can_post(room, membership):
        raise Forbidden("Join the room before you write in it.")
    return room


def edit(identity: Identity, room: Room, membership: Membership | None, author_id: int) -> None:
    post(room, membership)
    if identity.user_id != author_id:
        raise Forbidden("Only its author can edit a message.")


def delete(identity: Identity, room: Room, membership: Membership | None, author_id: int) -> None:
    """One's own words can be taken back anywhere, also in an archived room or one that one has left."""
    if identity.user_id != author_id and not can_moderate(identity, room, membership):
        raise Forbidden("Only its author and the room's moderators can delete a message.")


def join(room: Room | None, membership: Membership | None) -> Room:
    room = see(room, membership)
    if room.archived_at is not None and membership is None:
        raise Archived("This room is archived.")
    return room


def leave(room: Room | None, membership: Membership | None) -> Room:
    room = see(room, membership)
    if room.kind == "lobby":
        raise Forbidden("The lobby is everybody's room and cannot be left.")
    return room


def can_moderate(identity: Identity, room: Room, membership: Membership | None) -> bool:
    if room.kind == "direct":
        return False
    return identity.is_admin or (membership is not None and membership.role in ("moderator", "owner"))
