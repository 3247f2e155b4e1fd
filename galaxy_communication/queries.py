"""SELECTs, INSERTs and UPDATEs on messages. Each function runs in the session it is given, and commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select
from sqlalchemy.orm import Session

from .models import EVERYBODY, Mention, Message, Revision
from .room_queries import given

# Storing changes: all of these within one transaction that has locked the rooms


def messages_by_client_id(
    session: Session, keys: Collection[tuple[int, int, str]]
) -> dict[tuple[int, int, str], Message]:
    """By (room, author, client id): what the authors have already stored under these ids."""
    if not keys:
        return {}
    rows = given(session, keys)
    statement = select(Message).join(
        rows.table,
        (Message.room_id == rows[0].as_integer())
        & (Message.user_id == rows[1].as_integer())
        & (Message.client_id == rows[2].as_string()),
    )
    return {(row.room_id, row.user_id, row.client_id): row for row in session.scalars(statement)}


def rooms_of_messages(session: Session, message_ids: Collection[int]) -> dict[int, int]:
    if not message_ids:
        return {}
    rows = session.execute(select(Message.id, Message.room_id).where(Message.id.in_(message_ids)))
    return {message: room for message, room in rows}


def messages_by_id(session: Session, message_ids: Collection[int]) -> dict[int, Message]:
    if not message_ids:
        return {}
    return {row.id: row for row in session.scalars(select(Message).where(Message.id.in_(message_ids)))}


def insert_messages(session: Session, messages: Sequence[Message]) -> None:
    """In one statement; gives each its id. They are no part of the session, neither before nor after."""
    rows = [{name: value for name, value in message.columns().items() if name != "id"} for message in messages]
    statement = insert(Message).returning(Message.id, Message.room_id, Message.seq)
    ids = {(room_id, seq): number for number, room_id, seq in session.execute(statement, rows)}
    for message in messages:
        message.id = ids[message.room_id, message.seq]


def add_mentions(session: Session, keys: Collection[tuple[int, int, int]]) -> None:
    """
    :param keys: user, room and number of the message.
    """
    if keys:
        session.execute(insert(Mention), [_mention(key) for key in keys])


def remove_mentions(session: Session, keys: Collection[tuple[int, int, int]]) -> None:
    columns = (Mention.user_id, Mention.room_id, Mention.seq)
    statement = delete(Mention).where(*(column == bindparam(f"old_{column.key}") for column in columns))
    if keys:
        old = [{f"old_{name}": value for name, value in _mention(key).items()} for key in keys]
        session.connection().execute(statement, old)


def _mention(key: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("user_id", "room_id", "seq"), key, strict=True))


def last_addressed(session: Session, room_id: int) -> datetime | None:
    """When somebody last addressed everybody in the room."""
    statement = (
        select(Message.created_at)
        .join(Mention, (Mention.room_id == Message.room_id) & (Mention.seq == Message.seq))
        .where(Mention.user_id == EVERYBODY, Mention.room_id == room_id)
        .order_by(Mention.seq.desc())
        .limit(1)
    )
    return session.scalar(statement)


def newest_by(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], datetime]:
    """By (room, author): when somebody has last written there, be it deleted or not. Whoever never has is left out."""
    if not places:
        return {}
    rows = given(session, places)
    room_id, user_id = rows[0].as_integer(), rows[1].as_integer()
    newest = (
        select(Message.created_at)
        .where(Message.room_id == room_id, Message.user_id == user_id)
        .order_by(Message.seq.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = session.execute(select(room_id, user_id, newest).select_from(rows.table))
    return {(room, user): moment for room, user, moment in found if moment is not None}


def pin_count(session: Session, room_id: int) -> int:
    statement = select(func.count()).where(Message.room_id == room_id, Message.pinned_at.is_not(None))
    return session.scalar(statement) or 0


# Reading messages


def message(session: Session, message_id: int) -> Message | None:
    return session.get(Message, message_id)


def page_before(session: Session, room_id: int, before: int | None, limit: int) -> list[Message]:
    """The newest ``limit`` messages with a number below ``before``, the newest first."""
    statement = select(Message).where(Message.room_id == room_id).order_by(Message.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(Message.seq < before)
    return list(session.scalars(statement))


def page_after(session: Session, room_id: int, after: int, limit: int) -> list[Message]:
    """The oldest ``limit`` messages with a number above ``after``, the newest first."""
    statement = (
        select(Message).where(Message.room_id == room_id, Message.seq > after).order_by(Message.seq).limit(limit)
    )
    return list(session.scalars(statement))[::-1]


def changed_since(session: Session, room_id: int, seq: int, limit: int) -> list[Message]:
    """Messages changed after ``seq``, in the order of their newest change."""
    statement = (
        select(Message)
        .where(Message.room_id == room_id, Message.changed_seq > seq)
        .order_by(Message.changed_seq)
        .limit(limit)
    )
    return list(session.scalars(statement))


def pins(session: Session, room_id: int) -> list[Message]:
    """The last pinned first."""
    statement = (
        select(Message)
        .where(Message.room_id == room_id, Message.pinned_at.is_not(None))
        .order_by(Message.pinned_at.desc())
    )
    return list(session.scalars(statement))


def revisions(session: Session, message_id: int) -> list[Revision]:
    """The newest first."""
    return list(session.scalars(select(Revision).where(Revision.message_id == message_id).order_by(Revision.id.desc())))
