"""SELECTs, INSERTs and UPDATEs on people: how they want the chat, whom they mute, who was silenced or banned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, not_, or_, select, update
from sqlalchemy.orm import Session

from .models import Impersonation, Membership, Person, PersonMute, Room, begins_with, now
from .moderation_models import Sanction, in_force


def person(session: Session, user_id: int) -> Person | None:
    return session.get(Person, user_id)


def put_person(session: Session, user_id: int, username: str | None) -> Person:
    found = session.get(Person, user_id) or Person(user_id=user_id)
    found.username = username
    session.add(found)
    session.flush()
    return found


def set_preferences(session: Session, user_id: int, wanted: Mapping[str, bool | str | None]) -> None:
    if wanted:
        session.execute(update(Person).where(Person.user_id == user_id).values(**wanted))


def find(session: Session, prefix: str, limit: int) -> Sequence[int]:
    """Those whose public name begins with ``prefix``, in the order of their names."""
    statement = select(Person.user_id).order_by(Person.username).limit(limit)
    return session.scalars(statement.where(begins_with(Person.username, prefix))).all()


def find_known(session: Session, user_id: int, prefix: str, limit: int) -> Sequence[int]:
    """As `find`, of those who share a room with the user that is not everybody's."""
    mine = select(Membership.room_id).join(Room, Room.id == Membership.room_id)
    # Asked first: neither planner would see otherwise that the largest room is not among them.
    shared = session.scalars(mine.where(Membership.user_id == user_id, Room.kind != "lobby")).all()
    known = select(Membership.user_id).where(Membership.room_id.in_(shared))
    statement = select(Person.user_id).order_by(Person.username).limit(limit)
    statement = statement.where(begins_with(Person.username, prefix))
    return session.scalars(statement.where(Person.user_id.in_(known))).all()


# Muting a person


def muted_by(session: Session, user_id: int) -> Sequence[int]:
    return session.scalars(select(PersonMute.muted_id).where(PersonMute.user_id == user_id)).all()


def set_muted(session: Session, user_id: int, muted_id: int, *, on: bool) -> None:
    present = session.get(PersonMute, (user_id, muted_id))
    if on and present is None:
        session.add(PersonMute(user_id=user_id, muted_id=muted_id))
    elif not on and present is not None:
        session.delete(present)
    session.flush()


# Impersonation


def acting_admin(session: Session, session_id: int | None) -> int | None:
    """The administrator who acts as the user of this session of Galaxy's."""
    found = None if session_id is None else session.get(Impersonation, session_id)
    return None if found is None else found.admin_id


def add_impersonation(session: Session, session_id: int, admin_id: int) -> None:
    session.add(Impersonation(session_id=session_id, admin_id=admin_id))


# Silences and bans


def _theirs(kind: str, user_ids: Collection[int]) -> ColumnElement[bool]:
    return and_(Sanction.user_id.in_(user_ids), Sanction.kind == kind, in_force())


def _by_user(session: Session, kind: str, user_ids: Collection[int]) -> dict[int, Sanction]:
    statement = select(Sanction).where(_theirs(kind, user_ids)).order_by(Sanction.id)
    return {sanction.user_id: sanction for sanction in session.scalars(statement)}


def silences(session: Session, user_ids: Collection[int]) -> dict[int, Sanction]:
    """Those in force, by user."""
    return _by_user(session, "silence", user_ids)


def silence(session: Session, user_id: int) -> Sanction | None:
    return silences(session, {user_id}).get(user_id)


def bans(session: Session, user_ids: Collection[int]) -> dict[int, Sanction]:
    return _by_user(session, "ban", user_ids)


def room_bans(session: Session, user_ids: Collection[int]) -> dict[tuple[int, int], Sanction]:
    """Those in force, by (room, user). No ban from one room is among `bans`."""
    found = session.scalars(select(Sanction).where(_theirs("room_ban", user_ids)).order_by(Sanction.id))
    return {(ban.room_id, ban.user_id): ban for ban in found if ban.room_id is not None}


def banned_from(session: Session, room_id: int, limit: int) -> Sequence[Sanction]:
    """The newest first."""
    statement = select(Sanction).where(Sanction.room_id == room_id, Sanction.kind == "room_ban", in_force())
    return session.scalars(statement.order_by(Sanction.id.desc()).limit(limit)).all()


def add_sanction(session: Session, sanction: Sanction) -> None:
    lift_sanctions(session, sanction.kind, sanction.user_id, sanction.room_id)
    session.add(sanction)
    session.flush()


def lift_sanctions(session: Session, kind: str, user_id: int, room_id: int | None = None) -> bool:
    """Whether there was any."""
    statement = update(Sanction).where(_theirs(kind, {user_id}), Sanction.room_id.is_not_distinct_from(room_id))
    return bool(session.scalars(statement.values(lifted_at=now()).returning(Sanction.id)).all())


def sanctions(
    session: Session, *, active: bool | None, user_id: int | None, before: int | None, limit: int
) -> Sequence[Sanction]:
    """The newest first.

    :param active: whether they are in force; None is both.
    """
    statement = select(Sanction).order_by(Sanction.id.desc()).limit(limit)
    if active is not None:
        statement = statement.where(in_force() if active else not_(in_force()))
    if user_id is not None:
        statement = statement.where(Sanction.user_id == user_id)
    if before is not None:
        statement = statement.where(Sanction.id < before)
    return session.scalars(statement).all()


# Who is notified by Galaxy


def to_notify(session: Session, room_id: int, seq: int, author_id: int, user_ids: Collection[int]) -> Sequence[int]:
    """Of the users, those whom Galaxy should tell now, and notes that it has: none twice before they have read.

    Not those who have muted the room or the author, or do not want to be notified.
    """
    unwilling = select(Person.user_id).where(Person.notifications.is_(False), Person.user_id == Membership.user_id)
    deaf = select(PersonMute.user_id).where(PersonMute.user_id == Membership.user_id, PersonMute.muted_id == author_id)
    statement = (
        update(Membership)
        .where(
            Membership.room_id == room_id,
            Membership.user_id.in_(user_ids),
            Membership.read_seq < seq,
            Membership.notified_seq <= Membership.read_seq,
            Membership.notify != "nothing",
            or_(Membership.muted_until.is_(None), Membership.muted_until < now()),
            ~unwilling.exists(),
            ~deaf.exists(),
        )
        .values(notified_seq=seq)
        .returning(Membership.user_id)
    )
    return session.scalars(statement, execution_options={"synchronize_session": False}).all()
