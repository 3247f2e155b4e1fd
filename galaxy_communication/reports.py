"""Reports: whoever can read a message asks its moderators to look at it, and these say what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from . import (
    audit_queries,
    moderation_schemas,
    payloads,
    people_queries,
    permissions,
    report_queries,
    room_queries,
    telling,
)
from .chat import Chat
from .errors import NotFound
from .identity import Identity
from .messages import seen
from .models import Message, Room, now
from .moderation_models import Report
from .moderation_schemas import Notice, ReportedMessage
from .report_queries import Case


async def report(chat: Chat, reporter: Identity, message_id: str, reason: str) -> moderation_schemas.Report:
    """Who reports a message again gets their first report."""
    chat.require_running()
    number = chat.decode_id(message_id)
    await chat.limits.take("edits", reporter.user_id)

    def write(session: Session) -> tuple[Report, Message, Room | None]:
        """The room where it is new."""
        message, room, _ = seen(session, number, reporter)
        if (first := report_queries.report_of(session, number, reporter.user_id)) is not None:
            return first, message, None
        made = Report(message_id=number, room_id=room.id, reporter_id=reporter.user_id, reason=reason.strip())
        session.add(made)
        place = {"room_id": room.id, "message_id": number, "target_id": message.user_id}
        audit_queries.record(session, reporter, "report", reason=reason, **place)
        session.flush()
        return made, message, room

    made, message, room = await chat.database.write(write)
    if room is not None:
        await telling.moderators(chat, room.id, _news(room), but={reporter.user_id, message.user_id})
    return moderation_schemas.Report(
        id=chat.host.encode_id(made.id), message_id=message_id, reason=made.reason, created_at=made.created_at
    )


def _news(room: Room) -> Notice:
    if room.kind == "direct":
        text, reason = "A message in a conversation of two was reported.", "reported_direct"
        return Notice(level="info", text=text, reason=reason, values={})
    text = f"A message in {room.name} was reported."
    return Notice(level="info", text=text, reason="reported", values={"room": room.name})


async def listed(
    chat: Chat, moderator: Identity, *, is_open: bool | None = None, before: str | None = None, limit: int
) -> list[ReportedMessage]:
    """A page of those that one may see, the newest first: administrators all, others those of rooms they moderate."""
    chat.require_running()
    below = chat.decode_id(before) if before is not None else None
    whose = None if moderator.is_admin else moderator.user_id

    def read(session: Session) -> list[Case]:
        return report_queries.page(session, moderator_id=whose, is_open=is_open, before=below, limit=limit)

    return await chat.database.read_then(read, lambda found: _worded(chat, found))


async def resolve(chat: Chat, moderator: Identity, report_id: str, wanted: payloads.Resolution) -> ReportedMessage:
    """A later word replaces the one before; the audit log has both."""
    chat.require_running()
    number = chat.decode_id(report_id)

    def write(session: Session) -> Case:
        found = report_queries.case(session, number)
        if found is None:
            raise NotFound("There is no such report.")
        message, room, made = found.message, found.room, found.report
        _, membership = room_queries.room_of(session, room.id, moderator.user_id)
        silence = people_queries.silence(session, moderator.user_id)
        permissions.resolve(moderator, room, membership, message.user_id, silence)
        made.resolved_at, made.resolved_by = now(), moderator.user_id
        made.outcome, made.note = wanted.outcome, wanted.note.strip()
        place = {"room_id": room.id, "message_id": message.id, "target_id": message.user_id}
        audit_queries.record(session, moderator, "resolve_report", reason=wanted.note, **place, outcome=wanted.outcome)
        return found

    found = await chat.database.write(write)
    (worded,) = await chat.database.in_thread(lambda: _worded(chat, [found]))
    return worded


def _worded(chat: Chat, cases: Sequence[Case]) -> list[ReportedMessage]:
    encode = chat.host.encode_id
    people = chat.views.people(
        user_id for case in cases for user_id in (case.report.reporter_id, case.report.resolved_by)
    )
    named = iter(chat.views.messages([row for case in cases for row in (case.message, *case.context)]))
    return [
        ReportedMessage(
            id=encode(case.report.id),
            message_id=encode(case.message.id),
            reason=case.report.reason,
            created_at=case.report.created_at,
            reporter=people.get(case.report.reporter_id),
            room_id=encode(case.room.id),
            room_name=case.room.name,
            room_kind=case.room.kind,  # type: ignore[arg-type]  # the column holds nothing else
            message=next(named).model_copy(update={"text": case.text}),
            context=[next(named) for _ in case.context],
            resolved_at=case.report.resolved_at,
            resolved_by=people.get(case.report.resolved_by or 0),
            outcome=case.report.outcome,  # type: ignore[arg-type]
            note=case.report.note,
        )
        for case in cases
    ]
