"""Erasing those whom Galaxy has deleted or purged.

What they wrote either goes, or stays as the words of nobody in particular: of a number that no user of Galaxy's has, so
that one still sees which messages are one person's. All the rest of them goes in either case, and last their row in the
table of people: where the work ends half-way, the next purge finds them again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator
from functools import partial

from sqlalchemy.orm import Session

from . import audit_queries, erasure_queries, removal_queries, room_queries, rooms
from .database import Database
from .leases import Lease
from .models import THE_CHAT
from .removal_queries import NOTHING, Batch
from .retention_settings import Erasure

#: Users whom Galaxy is asked for at once.
ASKED = 500


def gone(database: Database, gone_users: Callable[[Collection[int]], set[int]]) -> Iterator[int]:
    """Whom the chat knows and Galaxy has deleted or purged. Blocks; for the database's threads.

    :param gone_users: asks Galaxy, which of these those are.
    """
    last = 0
    while asked := database.read_now(partial(erasure_queries.known_after, user_id=last, limit=ASKED)):
        yield from sorted(gone_users(asked))
        last = asked[-1]


def erase(database: Database, lease: Lease, users: Collection[int], how: Erasure) -> None:
    nobody = {user_id: None if how == "remove" else -1 - secrets.randbelow(2**31 - 1) for user_id in users}
    for user_id, instead in nobody.items():
        if instead is None:
            lease.work_off(partial(erasure_queries.remove_messages, user_id=user_id))
        else:
            lease.work_off(partial(erasure_queries.disown_messages, user_id=user_id, nobody=instead))
        lease.work_off(partial(erasure_queries.remove_mentions, user_id=user_id))
        lease.work_off(partial(_leave_a_room, user_id=user_id))
    if nobody:
        lease.work_off(partial(erasure_queries.replace_reactions, instead=nobody))
    for user_id in nobody:
        lease.write(partial(_forget, user_id=user_id, how=how))


def _leave_a_room(session: Session, _after: int, user_id: int) -> Batch:
    """A conversation that both have left is nobody's."""
    room_id = min(room_queries.joined_room_ids(session, user_id), default=None)
    if room_id is None:
        return NOTHING
    rooms.remove(session, room_id, user_id)
    room = room_queries.lock_rooms(session, {room_id})[room_id]
    if room.kind == "direct" and not room.member_count:
        removal_queries.hide(session, room)
    return Batch(1)


def _forget(session: Session, user_id: int, how: Erasure) -> None:
    erasure_queries.remove_person(session, user_id)
    audit_queries.record(session, THE_CHAT, "erase_user", target_id=user_id, messages=how)
