"""SELECTs on reports and on what was reported, and the word filter's own reports. Each runs in the session it is given,
and commits nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, ColumnElement, Select, func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from . import audit_queries
from .models import THE_CHAT, Membership, Message, Revision, Room
from .moderation_models import Report
from .permissions import MODERATING_ROLES
from .room_queries import given

#: Messages before and as many after a reported one of a conversation of two.
CONTEXT = 5


@dataclass(frozen=True)
class Case:
    """A report, and all that a moderator is shown with it."""

    report: Report
    message: Message
    room: Room
    text: str
    """What the message said when it was reported."""
    context: list[Message]


def report_of(session: Session, message_id: int, reporter_id: int) -> Report | None:
    return session.scalar(select(Report).where(Report.message_id == message_id, Report.reporter_id == reporter_id))


def report_found(session: Session, found: Sequence[tuple[Message, Sequence[str]]], moment: datetime) -> None:
    """By the chat itself: each message once. One that was dealt with is reported anew for something else.

    :param found: messages, with what was found in them.
    """
    last = {message.id: (message, words) for message, words in found}
    earlier = session.scalars(select(Report).where(Report.message_id.in_(last), Report.reporter_id == THE_CHAT))
    reports = {report.message_id: report for report in earlier}
    fresh: list[dict[str, object]] = []
    acts: list[dict[str, object]] = []
    for message, words in last.values():
        reason, report = ", ".join(words), reports.get(message.id)
        if report is not None and (report.resolved_at is None or report.reason == reason):
            continue
        place = {"room_id": message.room_id, "message_id": message.id, "reason": reason}
        acts.append({**place, "target_id": message.user_id})
        if report is None:
            fresh.append({**place, "reporter_id": THE_CHAT, "created_at": moment})
        else:
            report.reason, report.created_at = reason, moment
            report.resolved_at = report.resolved_by = report.outcome = None
    if acts:
        audit_queries.record_all(session, THE_CHAT, "report", acts)
    if fresh:
        session.execute(insert(Report), fresh)


def page(
    session: Session, *, moderator_id: int | None, is_open: bool | None, before: int | None, limit: int
) -> list[Case]:
    """The newest first.

    :param moderator_id: who sees those of the rooms that they moderate, and none of their own messages; None sees all.
    """
    statement = _reports().order_by(Report.id.desc()).limit(limit)
    if moderator_id is not None:
        theirs = select(Membership.room_id).where(
            Membership.user_id == moderator_id, Membership.role.in_(MODERATING_ROLES)
        )
        statement = statement.where(Report.room_id.in_(theirs), Room.kind != "direct", Message.user_id != moderator_id)
    if is_open is not None:
        statement = statement.where(Report.resolved_at.is_(None) if is_open else Report.resolved_at.is_not(None))
    if before is not None:
        statement = statement.where(Report.id < before)
    return _cases(session, statement)


def case(session: Session, report_id: int) -> Case | None:
    found = _cases(session, _reports().where(Report.id == report_id))
    return found[0] if found else None


def _reports() -> Select[tuple[Report, Message, Room]]:
    statement = select(Report, Message, Room).join(Message, Message.id == Report.message_id)
    return statement.join(Room, Room.id == Report.room_id)


def _cases(session: Session, statement: Select[tuple[Report, Message, Room]]) -> list[Case]:
    """However many, two statements, and a third where any is of a conversation of two."""
    rows = session.execute(statement).all()
    texts = _old_texts(session, [report.id for report, _, _ in rows])
    direct = [message for _, message, room in rows if room.kind == "direct"]
    context = _context(session, direct) if direct else {}
    return [
        Case(report, message, room, texts.get(report.id, message.text), context.get(message.id, []))
        for report, message, room in rows
    ]


def _old_texts(session: Session, report_ids: Collection[int]) -> dict[int, str]:
    """By report: what its message said then, where it was edited since."""
    since = (Revision.message_id == Report.message_id) & (Revision.replaced_at > Report.created_at)
    statement = select(Report.id, Revision.text).join(Revision, since).where(Report.id.in_(report_ids))
    # The first one that was replaced since comes last, and stays.
    return {report: text for report, text in session.execute(statement.order_by(Revision.id.desc()))}


def _context(session: Session, messages: Collection[Message]) -> dict[int, list[Message]]:
    """By message: what was said right before and after it."""
    rows = given(session, [(message.id, message.room_id, message.seq) for message in messages])
    number, room_id, seq = (rows[place].as_integer() for place in range(3))
    near = aliased(Message)

    def end(beyond: ColumnElement[bool], order: ColumnElement[int], otherwise: int) -> ColumnElement[int]:
        found = select(near.seq).where(near.room_id == room_id, beyond).order_by(order).limit(1).offset(CONTEXT - 1)
        return func.coalesce(found.scalar_subquery(), literal(otherwise, BigInteger))

    first, last = end(near.seq < seq, near.seq.desc(), 0), end(near.seq > seq, near.seq.asc(), 2**53)
    around = (Message.room_id == room_id) & Message.seq.between(first, last) & (Message.seq != seq)
    statement = select(number, Message).select_from(rows.table).join(Message, around).order_by(Message.seq)
    found: dict[int, list[Message]] = {}
    for reported, message in session.execute(statement):
        found.setdefault(reported, []).append(message)
    return found
