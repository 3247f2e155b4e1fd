"""SELECTs of an export: how much there is, and page after page. Each runs in the session it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from .models import Message, Room

PAGE = 500


@dataclass(frozen=True)
class Part:
    """Messages of one room: all of them, or one author's."""

    room: Room
    count: int
    last_seq: int
    """At the beginning of the export: what is said meanwhile is left out."""
    author_id: int | None = None

    def holds(self) -> ColumnElement[bool]:
        inside = (Message.room_id == self.room.id) & (Message.seq <= self.last_seq)
        return inside if self.author_id is None else inside & (Message.user_id == self.author_id)


def of_room(session: Session, room: Room) -> Part:
    count, last_seq = session.execute(
        select(func.count(), func.coalesce(func.max(Message.seq), 0)).where(Message.room_id == room.id)
    ).one()
    return Part(room, count, last_seq)


def of_author(session: Session, author_id: int) -> list[Part]:
    """A part for each room where they have written."""
    columns = (Message.room_id, func.count().label("count"), func.max(Message.seq).label("last_seq"))
    theirs = select(*columns).where(Message.user_id == author_id).group_by(Message.room_id).subquery().c
    statement = select(Room, theirs.count, theirs.last_seq).join(Room, Room.id == theirs.room_id).order_by(Room.id)
    return [Part(room, count, last_seq, author_id) for room, count, last_seq in session.execute(statement)]


def page(session: Session, part: Part, after: int) -> Sequence[Message]:
    """The next ones with a higher number, the oldest first."""
    statement = select(Message).where(part.holds(), Message.seq > after).order_by(Message.seq).limit(PAGE)
    return session.scalars(statement).all()


def rooms_named(session: Session, name: str) -> Sequence[Room]:
    """Conversations of two have no name."""
    return session.scalars(select(Room).where(Room.name == name, Room.kind != "direct").order_by(Room.id)).all()
