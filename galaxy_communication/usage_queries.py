"""SELECTs for the statistics. They read the messages of their days, by number, and none that are older."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import Session

from .models import REMOVED, Message, Room

#: Numbers grow with time, but for those that were given in transactions which ended in another order.
DISORDER = timedelta(minutes=1)


@dataclass(frozen=True)
class Day:
    date: str
    """``YYYY-MM-DD``"""
    messages: int
    authors: int


@dataclass(frozen=True)
class Activity:
    room_id: int
    name: str
    kind: str
    messages: int


def said_since(session: Session, moment: datetime) -> ColumnElement[bool]:
    """What was said since then, and was not deleted."""
    first = _first_since(session, moment - DISORDER)
    return and_(Message.id >= first, Message.created_at >= moment, Message.deleted_at.is_(None))


def days(session: Session, said: ColumnElement[bool]) -> list[Day]:
    """Those in UTC on which anything was said.

    :param said: as `said_since` gives it.
    """
    if session.get_bind().dialect.name == "sqlite":
        date: ColumnElement[str] = func.substr(type_coerce(Message.created_at, String), 1, 10)
    else:
        date = func.to_char(func.timezone("UTC", Message.created_at), "YYYY-MM-DD")
    counts = select(date, func.count(), func.count(Message.user_id.distinct())).where(said)
    return [Day(*row) for row in session.execute(counts.group_by(date))]


def rooms(session: Session, said: ColumnElement[bool]) -> list[Activity]:
    """In which anything was said, the busiest first."""
    # Not by the index of rooms, in which SQLite would read of all that was ever said.
    room_id = (Message.room_id + 0).label("room_id")
    counts = select(room_id, func.count().label("messages")).where(said).group_by(room_id).subquery()
    statement = select(Room.id, Room.name, Room.kind, counts.c.messages).join(counts, counts.c.room_id == Room.id)
    statement = statement.where(Room.kind != REMOVED)
    return [Activity(*row) for row in session.execute(statement.order_by(counts.c.messages.desc(), Room.id))]


def _first_since(session: Session, moment: datetime) -> int:
    """By halving: an index on the time would cost every message something, and this some twenty look-ups."""
    # Each for itself: asked for both at once, SQLite reads through all of them.
    low, newest = (session.scalar(select(end(Message.id))) for end in (func.min, func.max))
    if low is None or newest is None:
        return 0
    high = newest + 1
    while low < high:
        middle = (low + high) // 2
        following = select(Message.id, Message.created_at).where(Message.id >= middle).order_by(Message.id).limit(1)
        number, created_at = session.execute(following).one()
        if created_at < moment:
            low = number + 1
        else:
            high = middle
    return low
