"""What is unread. Counted anew each time, from the read pointers, up to a cap; nothing about it is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from .models import EVERYBODY, Membership, Mention, Message, PersonMute, Room, now

#: More unread messages than this are not counted, so that coming back after a year costs no more than after a week.
UNREAD_CAP = 1000


@dataclass(frozen=True)
class Unread:
    """Of one member in one room; both at most `UNREAD_CAP`."""

    messages: int = 0
    mentions: int = 0


NOTHING_UNREAD = Unread()


def unread(
    session: Session, user_ids: Collection[int], room_id: int | None = None, *, heard: bool = False
) -> dict[tuple[int, int], Unread]:
    """By (room, user): what is above their read pointers, written by others whom they hear; where there is nothing,
    nothing.

    :param heard: only in rooms that the users want to hear of.
    """
    # Of one reader the list is made once; SQLite makes one that depends on the row anew for every message.
    reader = literal(next(iter(user_ids))) if len(user_ids) == 1 else Membership.user_id
    muted = select(PersonMute.muted_id).where(PersonMute.user_id == reader).correlate(Membership)
    is_news = (Message.user_id != Membership.user_id) & Message.deleted_at.is_(None) & Message.user_id.not_in(muted)
    news = (
        select(literal(1))
        .where(Message.room_id == Membership.room_id, Message.seq > Membership.read_seq, is_news)
        .limit(UNREAD_CAP)
        .correlate(Membership)
        .subquery()
    )
    # EXISTS, so that it starts from the few mentions and not from all that is unread.
    message = select(Message.id).where(Message.room_id == Mention.room_id, Message.seq == Mention.seq, is_news)
    addressed = (
        select(literal(1))
        .where(
            Mention.user_id.in_((Membership.user_id, EVERYBODY)),
            Mention.room_id == Membership.room_id,
            Mention.seq > Membership.read_seq,
            message.correlate(Mention, Membership).exists(),
        )
        .limit(UNREAD_CAP)
        .correlate(Membership)
        .subquery()
    )
    statement = (
        select(
            Membership.room_id,
            Membership.user_id,
            select(func.count()).select_from(news).scalar_subquery(),
            select(func.count()).select_from(addressed).scalar_subquery(),
        )
        .join(Room, Room.id == Membership.room_id)
        .where(Membership.user_id.in_(user_ids), Room.head_seq > Membership.read_seq)
    )
    if room_id is not None:
        statement = statement.where(Membership.room_id == room_id)
    if heard:
        awake = or_(Membership.muted_until.is_(None), Membership.muted_until <= now())
        statement = statement.where(Membership.notify != "nothing", awake)
    return {(room, user): Unread(count, mentions) for room, user, count, mentions in session.execute(statement)}
