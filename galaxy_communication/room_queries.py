"""SELECTs, INSERTs and UPDATEs on rooms and memberships. Each runs in the session it is given, and commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, column, func, literal, select, update
from sqlalchemy.orm import Session

from .errors import NotFound
from .models import REMOVED, Membership, Person, Room, begins_with, now
from .permissions import LISTED_KINDS, MODERATING_ROLES

RoomAndMembership = tuple[Room, Membership | None]


def given(session: Session, keys: Collection[tuple[int | str, ...]]) -> ColumnElement[Any]:
    """Compound keys as the rows of a table to join with, each an array: one parameter, and a look-up in the index for
    each key. Long lists in IN let both planners read through the whole table instead."""
    rows_of = func.json_each if session.get_bind().dialect.name == "sqlite" else func.json_array_elements
    return rows_of(literal(list(keys), JSON)).table_valued(column("value", JSON), name="given").c.value


# Finding rooms


def room_of(session: Session, room_id: int, user_id: int) -> tuple[Room | None, Membership | None]:
    return rooms_of(session, {room_id}, user_id).get(room_id, (None, None))


def rooms_of(session: Session, room_ids: Collection[int], user_id: int) -> dict[int, RoomAndMembership]:
    """Those that there are, by id, with the place of one user in them."""
    own = (Membership.room_id == Room.id) & (Membership.user_id == user_id)
    statement = select(Room, Membership).outerjoin(Membership, own).where(Room.id.in_(room_ids))
    return {room.id: (room, membership) for room, membership in session.execute(statement)}


def room_by_name_key(session: Session, name_key: str) -> Room | None:
    return session.scalar(select(Room).where(Room.name_key == name_key))


def room_by_binding(session: Session, binding: str) -> Room | None:
    return session.scalar(select(Room).where(Room.binding == binding))


def rooms_of_kind(session: Session, kind: str) -> Sequence[Room]:
    return session.scalars(select(Room).where(Room.kind == kind)).all()


def lobby(session: Session) -> Room:
    return session.scalars(select(Room).where(Room.kind == "lobby")).one()


def joined(session: Session, user_id: int) -> list[tuple[Room, Membership]]:
    statement = select(Room, Membership).join(Membership).where(Membership.user_id == user_id).order_by(Room.id)
    return [(room, membership) for room, membership in session.execute(statement)]


def to_join(session: Session, user_id: int, name_key: str, limit: int) -> Sequence[Room]:
    """Listed rooms that the user is not in and whose name contains ``name_key``, the oldest first."""
    mine = select(Membership.room_id).where(Membership.user_id == user_id)
    statement = (
        select(Room)
        .where(Room.kind.in_(LISTED_KINDS), Room.archived_at.is_(None), Room.id.not_in(mine))
        .order_by(Room.id)
        .limit(limit)
    )
    if name_key:
        statement = statement.where(Room.name_key.contains(name_key, autoescape=True))
    return session.scalars(statement).all()


def bound_rooms(session: Session) -> dict[str, int]:
    """Rooms of Galaxy's groups and roles, by binding."""
    rows = session.execute(select(Room.binding, Room.id).where(Room.kind == "group"))
    return {binding: room for binding, room in rows if binding is not None}


def in_bound_rooms(session: Session, user_ids: Collection[int]) -> set[tuple[int, int]]:
    """Who of the users is in any room of a group, as (room, user)."""
    statement = select(Membership.room_id, Membership.user_id).join(Room, Room.id == Membership.room_id)
    rows = session.execute(statement.where(Membership.user_id.in_(user_ids), Room.kind == "group"))
    return {(room_id, user_id) for room_id, user_id in rows}


def head_seqs(session: Session, room_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """By room: its newest change, and its revision."""
    statement = select(Room.id, Room.head_seq, Room.revision).where(Room.id.in_(room_ids))
    return {room: (head, revision) for room, head, revision in session.execute(statement)}


def removed(session: Session, room_ids: Collection[int]) -> set[int]:
    """Those that are no more."""
    statement = select(Room.id).where(Room.id.in_(room_ids), Room.kind != REMOVED)
    return set(room_ids).difference(session.scalars(statement))


def names(session: Session, room_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(Room.id, Room.name).where(Room.id.in_(room_ids)))
    return {room_id: name for room_id, name in rows}


# Memberships


def joined_room_ids(session: Session, user_id: int) -> set[int]:
    return set(session.scalars(select(Membership.room_id).where(Membership.user_id == user_id)))


def visitor(session: Session, user_id: int) -> Person | None:
    """Somebody who has come at least once, and so is in the lobby; preferences can be set without."""
    statement = select(Person).join(Membership, Membership.user_id == Person.user_id).join(Room)
    return session.scalar(statement.where(Person.user_id == user_id, Room.kind == "lobby"))


def joined_rooms(session: Session, user_ids: Collection[int]) -> dict[int, set[int]]:
    """Room ids by user."""
    rooms: dict[int, set[int]] = {user_id: set() for user_id in user_ids}
    statement = select(Membership.user_id, Membership.room_id).where(Membership.user_id.in_(user_ids))
    for user_id, room_id in session.execute(statement):
        rooms[user_id].add(room_id)
    return rooms


def memberships_of(session: Session, places: Collection[tuple[int, int]]) -> dict[tuple[int, int], Membership]:
    """By (room, user)."""
    rows = given(session, places)
    statement = select(Membership).join(
        rows.table, (Membership.room_id == rows[0].as_integer()) & (Membership.user_id == rows[1].as_integer())
    )
    return {(row.room_id, row.user_id): row for row in session.scalars(statement)}


def members(
    session: Session, room_id: int, *, prefix: str = "", before: int | None = None, limit: int
) -> Sequence[Membership]:
    """Of one room, the users with the highest numbers first.

    :param prefix: of the public name.
    :param before: only users with a lower number.
    """
    statement = select(Membership).where(Membership.room_id == room_id).order_by(Membership.user_id.desc()).limit(limit)
    if prefix:
        named = select(Person.user_id).where(begins_with(Person.username, prefix))
        statement = statement.where(Membership.user_id.in_(named))
    if before is not None:
        statement = statement.where(Membership.user_id < before)
    return session.scalars(statement).all()


def add_membership(session: Session, room_id: int, user_id: int, role: str = "member") -> Membership:
    (membership,) = add_memberships(session, room_id, [user_id], role)
    return membership


def add_memberships(session: Session, room_id: int, user_ids: Sequence[int], role: str = "member") -> list[Membership]:
    """Newcomers start with everything read; who is there stays as they are. The room's row is locked first, so that
    nobody is counted twice."""
    room = lock_rooms(session, {room_id}).get(room_id)
    if room is None or room.kind == REMOVED:
        raise NotFound("There is no such room.")
    there = memberships_of(session, {(room_id, user_id) for user_id in user_ids})
    notify = "all" if room.kind == "direct" else "mentions"
    for user_id in user_ids:
        if (room_id, user_id) not in there:
            there[room_id, user_id] = Membership(
                room_id=room_id, user_id=user_id, role=role, read_seq=room.head_seq, notify=notify
            )
            session.add(there[room_id, user_id])
            room.member_count += 1
    session.flush()
    return [there[room_id, user_id] for user_id in user_ids]


def remove_membership(session: Session, room_id: int, user_id: int) -> Membership | None:
    """What there was."""
    room = lock_rooms(session, {room_id})[room_id]
    membership = session.get(Membership, (room_id, user_id), populate_existing=True)
    if membership is not None:
        session.delete(membership)
        room.member_count -= 1
        session.flush()
    return membership


def successor(session: Session, room_id: int) -> Membership | None:
    """Who looks after a room that its owner has left: the longest there, moderators before others."""
    statement = select(Membership).where(Membership.room_id == room_id)
    by_joining = statement.order_by(Membership.joined_at, Membership.user_id).limit(1)
    return session.scalar(by_joining.where(Membership.role == "moderator")) or session.scalar(by_joining)


def moderators(session: Session, room_id: int) -> set[int]:
    theirs = select(Membership.user_id).where(Membership.room_id == room_id, Membership.role.in_(MODERATING_ROLES))
    return set(session.scalars(theirs))


def owners(session: Session, room_id: int) -> Sequence[Membership]:
    return session.scalars(select(Membership).where(Membership.room_id == room_id, Membership.role == "owner")).all()


def move_read_seq(session: Session, membership: Membership, seq: int, *, backward: bool) -> None:
    """Forward, whichever of the user's devices speaks last; back only where that is what is meant."""
    statement = update(Membership).where(
        Membership.room_id == membership.room_id, Membership.user_id == membership.user_id
    )
    if not backward:
        statement = statement.where(Membership.read_seq < seq)
    session.execute(statement.values(read_seq=seq))
    session.refresh(membership)


# Changing rooms


def lock_rooms(session: Session, room_ids: Collection[int]) -> dict[int, Room]:
    """The rooms, locked until the transaction ends, always in the same order so that two batches cannot deadlock."""
    statement = select(Room).where(Room.id.in_(room_ids)).order_by(Room.id).with_for_update(key_share=True)
    return {room.id: room for room in session.scalars(statement.execution_options(populate_existing=True))}


def add_room(
    session: Session, kind: str, name: str, *, name_key: str | None = None, topic: str = "", binding: str | None = None
) -> Room:
    room = Room(kind=kind, name=name, name_key=name_key, topic=topic, binding=binding)
    session.add(room)
    session.flush()
    return room


def set_archived(session: Session, room: Room, *, archived: bool) -> None:
    room.archived_at = now() if archived else None
    room.revision += 1
    session.flush()
