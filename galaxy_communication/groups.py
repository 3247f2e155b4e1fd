"""Rooms of Galaxy's groups and roles: who is in the group is in the room.

Galaxy does not say when its groups change. So who comes is compared with them at the door, and who is connected in
every round; of all others nothing is known, and nobody loads a whole group.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy.orm import Session

from . import people_queries, room_queries, telling
from .chat import Chat
from .schemas import RoomRemovedReason


@dataclass(frozen=True)
class Found:
    """What is, before it is compared with Galaxy."""

    bound: dict[str, int]
    """Rooms of groups, by binding."""
    present: set[tuple[int, int]]
    """Who of the users asked about is in them, as (room, user)."""


def find(session: Session, user_ids: Collection[int]) -> Found:
    bound = room_queries.bound_rooms(session)
    return Found(bound, room_queries.in_bound_rooms(session, user_ids) if bound else set())


async def reconcile(chat: Chat, user_ids: Collection[int], found: Found | None = None) -> None:
    """Let these users into the rooms of the groups they are in now, and out of the others.

    :param found: what has just been read of them.
    """
    if found is None:
        found = await chat.database.read(lambda session: find(session, user_ids))
    bound, present = found.bound, found.present
    if not bound or not user_ids:
        return
    in_groups = await chat.database.in_thread(lambda: chat.host.bindings_of(user_ids, bound.keys()))
    wanted = {(bound[binding], user_id) for user_id, bindings in in_groups.items() for binding in bindings}
    if fresh := {user_id for _, user_id in wanted - present}:
        wanted -= (await chat.database.read(lambda session: people_queries.room_bans(session, fresh))).keys()
    if present == wanted:
        return

    def write(session: Session) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
        """Who has come and gone by this; another process may have done some of it meanwhile."""
        room_queries.lock_rooms(session, {room_id for room_id, _ in wanted ^ present})
        there = room_queries.in_bound_rooms(session, user_ids)
        joined, gone = wanted - present - there, (present - wanted) & there
        for room_id, group in groupby(sorted(joined), key=itemgetter(0)):
            room_queries.add_memberships(session, room_id, [user_id for _, user_id in group])
        for room_id, user_id in sorted(gone):
            room_queries.remove_membership(session, room_id, user_id)
        return joined, gone

    joined, gone = await chat.database.write(write)
    await _tell(chat, joined, gone)


async def _tell(chat: Chat, joined: set[tuple[int, int]], gone: set[tuple[int, int]]) -> None:
    people = sorted({user_id for _, user_id in joined | gone})
    views = await chat.database.in_thread(lambda: chat.views.users(people))
    users = dict(zip(people, views, strict=True))
    for room_id, user_id in sorted(gone):
        await telling.removed(chat, room_id, user_id, RoomRemovedReason.REMOVED)
        telling.member(chat, room_id, users[user_id], joined=False)
    for room_id, user_id in sorted(joined):
        telling.member(chat, room_id, users[user_id], joined=True)
        await telling.entered(chat, room_id, {user_id})
        await telling.updated(chat, room_id, {user_id})
