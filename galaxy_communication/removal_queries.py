"""Removing messages and rooms for good: what is due, and batches so small that those who write meanwhile hardly wait.

A batch is of one room, which it locks, as everybody does who writes there. A room's numbers stay, so that clients
page and `sync` as before. Each function runs in the session it is given, and commits nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, func, or_, select
from sqlalchemy.orm import Session

from .models import REMOVED, Membership, Mention, Message, Revision, Room
from .moderation_models import Report
from .queries import remove_mentions
from .room_queries import lock_rooms

#: Messages that are removed in one transaction.
BATCH = 500
#: No object of the session is of the rows that are removed.
UNSYNCHRONIZED = {"synchronize_session": False}


@dataclass(frozen=True)
class Batch:
    """What a transaction has done."""

    count: int
    """Nothing: there is no more to do."""
    last: int = 0
    """The number with which it ended. Before that there is nothing left to do, and much that PostgreSQL would have to
    step over: it takes what was removed out of its indexes later."""


NOTHING = Batch(0)

# What is due


def due_count(session: Session, kind: str, before: datetime | None, authors: Collection[int] = ()) -> int:
    """Messages in rooms of a kind that are older than ``before`` and not pinned, or by these authors."""
    conditions: list[ColumnElement[bool]] = [Message.user_id.in_(authors)] if authors else []
    if before is not None:
        conditions.append((Message.created_at < before) & Message.pinned_at.is_(None))
    if not conditions:
        return 0
    statement = select(func.count()).select_from(Message).join(Room, Room.id == Message.room_id)
    return session.scalar(statement.where(Room.kind == kind, or_(*conditions))) or 0


def rooms_due(session: Session, kind: str, before: datetime) -> Sequence[int]:
    """Rooms of a kind whose oldest message that is not pinned is older than that."""
    oldest = (
        select(Message.created_at)
        .where(Message.room_id == Room.id, Message.pinned_at.is_(None))
        .order_by(Message.seq)
        .limit(1)
        .correlate(Room)
        .scalar_subquery()
    )
    return session.scalars(select(Room.id).where(Room.kind == kind, oldest < before).order_by(Room.id)).all()


def removed_rooms(session: Session) -> Sequence[int]:
    """Those of which something is still there."""
    return session.scalars(select(Room.id).where(Room.kind == REMOVED)).all()


# Batches of messages, the oldest first


def remove_old(session: Session, after: int, room_id: int, before: datetime) -> Batch:
    """Those that are not pinned. By number, so that it finds them by an index: in a room time goes by numbers."""
    lock_rooms(session, {room_id})
    first = _first(session, room_id, Message.seq > after, Message.pinned_at.is_(None))
    return _remove(session, room_id, [row for row in first if row.created_at < before])


def remove_by(session: Session, room_id: int, user_id: int) -> Batch:
    lock_rooms(session, {room_id})
    return _remove(session, room_id, _first(session, room_id, Message.user_id == user_id))


def remove_rest(session: Session, after: int, room_id: int) -> Batch:
    """Of a room that nobody sees any more. Where nothing is left in it, the room itself goes."""
    if not lock_rooms(session, {room_id}):
        return NOTHING
    batch = _remove(session, room_id, _first(session, room_id, Message.seq > after))
    if not batch.count:
        for table in (Mention, Membership):
            session.execute(delete(table).where(table.room_id == room_id))
        session.execute(delete(Room).where(Room.id == room_id))
    return batch


def hide(session: Session, room: Room) -> None:
    """From now on nobody sees a room, whose row is locked, and its name may be taken again."""
    session.execute(delete(Membership).where(Membership.room_id == room.id))
    room.kind, room.name_key, room.binding, room.member_count = REMOVED, None, None, 0
    room.revision += 1
    session.flush()


def _first(session: Session, room_id: int, *conditions: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Locked, so that nobody reports a message while it goes."""
    statement = select(Message.id, Message.seq, Message.created_at, Message.mentions)
    statement = statement.where(Message.room_id == room_id, *conditions).order_by(Message.seq).limit(BATCH)
    return session.execute(statement.with_for_update()).all()


def _remove(session: Session, room_id: int, rows: Sequence[Row[Any]]) -> Batch:
    """With all that refers to them, but for answers, which go on naming what is gone."""
    if not rows:
        return NOTHING
    remove_mentions(session, [(user_id, room_id, row.seq) for row in rows for user_id in row.mentions])
    ids = [row.id for row in rows]
    for column in (Revision.message_id, Report.message_id, Message.id):
        session.execute(delete(column.class_).where(column.in_(ids)), execution_options=UNSYNCHRONIZED)
    return Batch(len(rows), rows[-1].seq)
