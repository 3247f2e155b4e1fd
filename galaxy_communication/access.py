"""A room as somebody comes to it: with their membership, or not at all where they are banned from it.

Who is in a room is not banned from it, and of hidden rooms others know nothing: so members are not asked about.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from . import people_queries, permissions, room_queries
from .identity import Identity
from .models import Membership, Room


def place(session: Session, room_id: int, person: Identity) -> tuple[Room | None, Membership | None]:
    room, membership = room_queries.room_of(session, room_id, person.user_id)
    if room is not None and membership is None and room.kind in permissions.LISTED_KINDS:
        permissions.unbanned(person, people_queries.room_bans(session, {person.user_id}).get((room_id, person.user_id)))
    return room, membership


def places(session: Session, room_ids: Collection[int], person: Identity) -> dict[int, room_queries.RoomAndMembership]:
    """By room, without those that they are banned from."""
    found = room_queries.rooms_of(session, room_ids, person.user_id)
    if person.is_admin or all(membership is not None for _, membership in found.values()):
        return found
    banned = {room_id for room_id, _ in people_queries.room_bans(session, {person.user_id})}
    return {room_id: both for room_id, both in found.items() if room_id not in banned}
