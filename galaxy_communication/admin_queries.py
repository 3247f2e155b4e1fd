"""SELECTs for the administrators' lists: a page of rooms or people, and then what is counted of those alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from .models import Membership, Message, Person, Room


@dataclass(frozen=True)
class RoomFound:
    room: Room
    message_count: int
    last_message_at: datetime | None
    owner_id: int | None


def room_ids(
    session: Session, *, name: str, kinds: Collection[str], archived: bool | None, before: int | None, limit: int
) -> Sequence[int]:
    """The newest first.

    :param name: a part of it, as `text.name_key` gives it.
    """
    statement = select(Room.id).where(Room.kind.in_(kinds)).order_by(Room.id.desc()).limit(limit)
    if name:
        # Only rooms that are found by name have the key; a database's own lower() may know ASCII alone.
        in_name = func.lower(Room.name).contains(name, autoescape=True)
        statement = statement.where(or_(in_name, Room.name_key.contains(name, autoescape=True)))
    if archived is not None:
        statement = statement.where(Room.archived_at.is_not(None) if archived else Room.archived_at.is_(None))
    if before is not None:
        statement = statement.where(Room.id < before)
    return session.scalars(statement).all()


def rooms(session: Session, ids: Collection[int]) -> list[RoomFound]:
    """The newest first."""
    count = select(func.count()).where(Message.room_id == Room.id)
    last = select(Message.created_at).where(Message.room_id == Room.id).order_by(Message.seq.desc()).limit(1)
    owner = select(func.min(Membership.user_id)).where(Membership.room_id == Room.id, Membership.role == "owner")
    statement = select(Room, count.scalar_subquery(), last.scalar_subquery(), owner.scalar_subquery())
    rows = session.execute(statement.where(Room.id.in_(ids)).order_by(Room.id.desc()))
    return [RoomFound(*row) for row in rows]


def known_user_ids(session: Session, *, before: int | None, limit: int) -> Sequence[int]:
    """Who has come to the chat, the newest accounts first."""
    statement = select(Person.user_id).order_by(Person.user_id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Person.user_id < before)
    return session.scalars(statement).all()


@dataclass(frozen=True)
class Said:
    message_count: int
    last_message_at: datetime


def said_by(session: Session, user_ids: Collection[int]) -> dict[int, Said]:
    """By user, of those who ever said anything."""
    counts = select(Message.user_id, func.count().label("count"), func.max(Message.id).label("last"))
    counted = counts.where(Message.user_id.in_(user_ids)).group_by(Message.user_id).subquery()
    statement = select(counted.c.user_id, counted.c.count, Message.created_at).join(
        Message, Message.id == counted.c.last
    )
    return {user_id: Said(count, last) for user_id, count, last in session.execute(statement)}
