"""Reads rooms as people see them: what `views.Views.rooms` puts into words once the transaction is over."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from . import people_queries, room_queries, text, unread_queries
from .identity import Identity
from .models import Membership, Room
from .unread_queries import NOTHING_UNREAD
from .views import Glance


def of_viewer(session: Session, viewer: Identity, *, query: str = "", to_join: int) -> list[Glance]:
    """The rooms one is in, and of those one may join at most ``to_join``; all whose name contains ``query``.

    :param query: as `text.name_key` gives it.
    """
    silenced = people_queries.silence(session, viewer.user_id) is not None
    unread = unread_queries.unread(session, {viewer.user_id})
    mine = [
        Glance(viewer, room, membership, unread.get((room.id, viewer.user_id), NOTHING_UNREAD), silenced)
        for room, membership in room_queries.joined(session, viewer.user_id)
        if query in text.name_key(room.name)
    ]
    others = room_queries.to_join(session, viewer.user_id, query, to_join)
    return mine + [Glance(viewer, room, None, silenced=silenced) for room in others]


def of_room(session: Session, room: Room, viewers: Collection[Identity]) -> list[Glance]:
    """One room as each of its viewers sees it."""
    ids = {viewer.user_id for viewer in viewers}
    memberships = room_queries.memberships_of(session, {(room.id, user_id) for user_id in ids})
    unread = unread_queries.unread(session, ids, room.id)
    silenced = people_queries.silences(session, ids)
    return [
        Glance(
            viewer,
            room,
            memberships.get((room.id, viewer.user_id)),
            unread.get((room.id, viewer.user_id), NOTHING_UNREAD),
            viewer.user_id in silenced,
        )
        for viewer in viewers
    ]


def of_member(session: Session, room: Room, membership: Membership | None, viewer: Identity) -> Glance:
    """As `of_room`, of one whose membership is at hand."""
    unread = unread_queries.unread(session, {viewer.user_id}, room.id) if membership else {}
    silenced = people_queries.silence(session, viewer.user_id) is not None
    return Glance(viewer, room, membership, unread.get((room.id, viewer.user_id), NOTHING_UNREAD), silenced)
