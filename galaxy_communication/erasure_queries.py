"""What the tables hold of one person, and taking it away, batch by batch. Each runs in the session it is given, and
commits nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import String, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from .models import Membership, Mention, Message, Person, PersonMute
from .removal_queries import BATCH, NOTHING, UNSYNCHRONIZED, Batch, remove_by
from .room_queries import lock_rooms

#: Messages that are looked through for reactions in one transaction.
STEP = 5000


def known_after(session: Session, user_id: int, limit: int) -> Sequence[int]:
    """The next users with a higher number whom the chat knows: who have come, or were put in a room."""
    found: set[int] = set()
    for column in (Person.user_id, Membership.user_id):
        found.update(session.scalars(select(column).where(column > user_id).distinct().order_by(column).limit(limit)))
    return sorted(found)[:limit]


# Batches: each takes away what it finds, and so begins again at the beginning


def remove_messages(session: Session, _after: int, user_id: int) -> Batch:
    room_id = _a_room(session, user_id)
    return NOTHING if room_id is None else remove_by(session, room_id, user_id)


def disown_messages(session: Session, _after: int, user_id: int, nobody: int) -> Batch:
    """
    :param nobody: takes the author's place.
    """
    room_id = _a_room(session, user_id)
    if room_id is None:
        return NOTHING
    lock_rooms(session, {room_id})
    theirs = select(Message.id).where(Message.room_id == room_id, Message.user_id == user_id)
    ids = session.scalars(theirs.order_by(Message.seq).limit(BATCH)).all()
    session.execute(update(Message).where(Message.id.in_(ids)).values(user_id=nobody), execution_options=UNSYNCHRONIZED)
    return Batch(len(ids))


def _a_room(session: Session, user_id: int) -> int | None:
    """Where they have written."""
    return session.scalar(select(Message.room_id).where(Message.user_id == user_id).order_by(Message.room_id).limit(1))


def remove_mentions(session: Session, _after: int, user_id: int) -> Batch:
    """Messages no longer address them; what others wrote stays as it is."""
    theirs = select(Mention).where(Mention.user_id == user_id).order_by(Mention.room_id, Mention.seq).limit(BATCH)
    keys = [(row.room_id, row.seq) for row in session.scalars(theirs)]
    lock_rooms(session, {room_id for room_id, _ in keys})
    for room_id, seq in keys:
        message = session.scalar(select(Message).where(Message.room_id == room_id, Message.seq == seq))
        if message is not None:
            message.mentions = [other for other in message.mentions if other != user_id]
        session.execute(
            delete(Mention).where(Mention.user_id == user_id, Mention.room_id == room_id, Mention.seq == seq),
            execution_options=UNSYNCHRONIZED,
        )
    return Batch(len(keys))


def remove_person(session: Session, user_id: int) -> None:
    """How they wanted the chat, whom they muted and who muted them."""
    session.execute(delete(PersonMute).where(or_(PersonMute.user_id == user_id, PersonMute.muted_id == user_id)))
    session.execute(delete(Person).where(Person.user_id == user_id))


# Reactions: no index leads to them


def last_message_id(session: Session) -> int:
    return session.scalar(select(func.max(Message.id))) or 0


def replace_reactions(session: Session, after: int, instead: Mapping[int, int | None]) -> Batch:
    """Of messages with the `STEP` numbers after that one; the batch counts numbers.

    :param instead: by user, who is said to have reacted; None: nobody has.
    """
    step = Batch(min(STEP, max(0, last_message_id(session) - after)), after + STEP)
    some = cast(Message.reactions, String) != "{}"
    statement = select(Message.id, Message.room_id, Message.reactions)
    rows = session.execute(statement.where(Message.id > after, Message.id <= after + STEP, some)).all()
    theirs = [row for row in rows if any(user in instead for users in row.reactions.values() for user in users)]
    if not theirs:
        return step
    lock_rooms(session, {row.room_id for row in theirs})
    for message in session.scalars(select(Message).where(Message.id.in_([row.id for row in theirs]))):
        told = {
            emoji: [other for user in users if (other := instead.get(user, user)) is not None]
            for emoji, users in message.reactions.items()
        }
        message.reactions = {emoji: users for emoji, users in told.items() if users}
    return step
