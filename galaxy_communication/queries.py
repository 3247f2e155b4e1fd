"""Every SELECT, INSERT and UPDATE on our tables. Each function runs in the session it is given, and commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, column, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from .models import Membership, Message, Room, now
from .permissions import LISTED_KINDS

RoomAndMembership = tuple[Room, Membership | None]


# Rooms


def room_of(session: Session, room_id: int, user_id: int) -> tuple[Room | None, Membership | None]:
    return session.get(Room, room_id), session.get(Membership, (room_id, user_id))


def room_by_name_key(session: Session, name_key: str) -> Room | None:
    return session.scalar(select(Room).where(Room.name_key == name_key))


def rooms_visible_to(session: Session, user_id: int) -> list[RoomAndMembership]:
    """Those the user is in, and those anybody may join, the oldest first."""
    statement = (
        select(Room, Membership)
        .outerjoin(Membership, (Membership.room_id == Room.id) & (Membership.user_id == user_id))
        .where(or_(Membership.user_id.is_not(None), Room.kind.in_(LISTED_KINDS) & Room.archived_at.is_(None)))
        .order_by(Room.id)
    )
    return [(room, membership) for room, membership in session.execute(statement)]


def rooms_of_kind(session: Session, kind: str) -> Sequence[Room]:
    return session.scalars(select(Room).where(Room.kind == kind)).all()


def lobby(session: Session) -> Room:
    return session.scalars(select(Room).where(Room.kind == "lobby")).one()


def in_lobby(session: Session, user_id: int) -> bool:
    statement = select(Membership.user_id).join(Room).where(Room.kind == "lobby", Membership.user_id == user_id)
    return session.scalar(statement) is not None


def joined_room_ids(session: Session, user_id: int) -> set[int]:
    return set(session.scalars(select(Membership.room_id).where(Membership.user_id == user_id)))


def joined_rooms(session: Session, user_ids: Collection[int]) -> dict[int, set[int]]:
    """Room ids by user."""
    rooms: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    statement = select(Membership.user_id, Membership.room_id).where(Membership.user_id.in_(user_ids))
    for user_id, room_id in session.execute(statement):
        rooms[user_id].add(room_id)
    return rooms


def unread(session: Session, user_id: int, room_id: int | None = None) -> dict[int, int]:
    """Messages of others, not deleted, above the user's read pointer, by room; rooms with none are left out."""
    statement = (
        select(Membership.room_id, func.count())
        .join(Message, (Message.room_id == Membership.room_id) & (Message.seq > Membership.read_seq))
        .where(Membership.user_id == user_id, Message.user_id != user_id, Message.deleted_at.is_(None))
        .group_by(Membership.room_id)
    )
    if room_id is not None:
        statement = statement.where(Membership.room_id == room_id)
    return {room: count for room, count in session.execute(statement)}


def head_seqs(session: Session, room_ids: Collection[int]) -> dict[int, int]:
    return {room: head for room, head in session.execute(select(Room.id, Room.head_seq).where(Room.id.in_(room_ids)))}


def add_membership(session: Session, room_id: int, user_id: int) -> Membership:
    """A newcomer starts with everything read. The room's row is locked first, so that nobody is counted twice."""
    room = lock_rooms(session, {room_id})[room_id]
    if existing := session.get(Membership, (room_id, user_id)):
        return existing
    membership = Membership(room_id=room_id, user_id=user_id, read_seq=room.head_seq)
    session.add(membership)
    room.member_count += 1
    session.flush()
    return membership


def remove_membership(session: Session, room_id: int, user_id: int) -> bool:
    """Whether there was one."""
    room = lock_rooms(session, {room_id})[room_id]
    membership = session.get(Membership, (room_id, user_id), populate_existing=True)
    if membership is None:
        return False
    session.delete(membership)
    room.member_count -= 1
    session.flush()
    return True


def advance_read_seq(session: Session, membership: Membership, seq: int) -> None:
    """The pointer only moves forward, whichever of the user's devices speaks last."""
    session.execute(
        update(Membership)
        .where(Membership.room_id == membership.room_id, Membership.user_id == membership.user_id)
        .where(Membership.read_seq < seq)
        .values(read_seq=seq)
    )
    session.refresh(membership)


# Storing changes: all of these within one transaction that has locked the rooms


def lock_rooms(session: Session, room_ids: Collection[int]) -> dict[int, Room]:
    """The rooms, locked until the transaction ends, always in the same order so that two batches cannot deadlock."""
    statement = select(Room).where(Room.id.in_(room_ids)).order_by(Room.id).with_for_update(key_share=True)
    return {room.id: room for room in session.scalars(statement.execution_options(populate_existing=True))}


def _given(session: Session, keys: Collection[tuple[int | str, ...]]) -> ColumnElement[Any]:
    """Compound keys as the rows of a table to join with, each an array: one parameter, and a look-up in the index for
    each key. Long lists in IN let both planners read through the whole table instead."""
    rows_of = func.json_each if session.get_bind().dialect.name == "sqlite" else func.json_array_elements
    return rows_of(literal(list(keys), JSON)).table_valued(column("value", JSON), name="given").c.value


def memberships_of(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Membership]:
    """By (room, user)."""
    given = _given(session, places)
    statement = select(Membership).join(
        given.table, (Membership.room_id == given[0].as_integer()) & (Membership.user_id == given[1].as_integer())
    )
    return {(row.room_id, row.user_id): row for row in session.scalars(statement)}


def messages_by_client_id(
    session: Session, keys: Collection[tuple[int, int, str]]
) -> dict[tuple[int, int, str], Message]:
    """By (room, author, client id): what the authors have already stored under these ids."""
    if not keys:
        return {}
    given = _given(session, keys)
    statement = select(Message).join(
        given.table,
        (Message.room_id == given[0].as_integer())
        & (Message.user_id == given[1].as_integer())
        & (Message.client_id == given[2].as_string()),
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


# Rooms of the configuration


def add_room(session: Session, kind: str, name: str, name_key: str) -> Room:
    room = Room(kind=kind, name=name, name_key=name_key)
    session.add(room)
    session.flush()
    return room


def set_archived(session: Session, room: Room, *, archived: bool) -> None:
    room.archived_at = now() if archived else None
    session.flush()
