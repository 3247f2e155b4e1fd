"""What is older than its kind of room keeps it: telling it, and removing it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from functools import partial

from . import removal_queries
from .database import Database
from .leases import Lease
from .models import now
from .retention_settings import KINDS, Rules
from .schemas import RoomKind


def due(database: Database, rules: Rules, gone: Collection[int]) -> dict[RoomKind, int]:
    """How many messages would go now, by kind of room. A transaction for each kind.

    :param gone: people who are no more, whose messages go with them where the rules say so.
    """
    authors = gone if rules.erasure == "remove" else ()
    limits = dict(_limits(rules))

    def count(kind: RoomKind) -> int:
        return database.read_now(lambda session: removal_queries.due_count(session, kind, limits.get(kind), authors))

    return {kind: count(kind) for kind in KINDS}


def remove(database: Database, lease: Lease, rules: Rules) -> dict[RoomKind, int]:
    """Batch by batch, the oldest first. How many messages went, by kind of room."""
    removed: dict[RoomKind, int] = dict.fromkeys(KINDS, 0)
    for kind, before in _limits(rules):
        find = partial(removal_queries.rooms_due, kind=kind, before=before)
        for room_id in database.in_turn(partial(database.read_now, find)):
            removed[kind] += lease.work_off(partial(removal_queries.remove_old, room_id=room_id, before=before))
    return removed


def remove_hidden_rooms(database: Database, lease: Lease) -> None:
    """What a process that ended has left of rooms that were deleted."""
    for room_id in database.in_turn(partial(database.read_now, removal_queries.removed_rooms)):
        lease.work_off(partial(removal_queries.remove_rest, room_id=room_id))


def _limits(rules: Rules) -> Iterator[tuple[RoomKind, datetime]]:
    moment = now()
    return ((kind, moment - timedelta(days=days)) for kind, days in rules.days.items() if days is not None)
