"""What administrators decide about what is kept: for how long, of whom, and that a room goes altogether."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from . import (
    admin_payloads,
    admin_schemas,
    audit_queries,
    permissions,
    purge,
    removal_queries,
    retention_settings,
    room_queries,
    telling,
)
from .chat import Chat
from .identity import Identity
from .retention_settings import Rules


async def retention(chat: Chat, admin: Identity) -> admin_schemas.Retention:
    chat.require_running()
    permissions.administer(admin)
    return await chat.database.read(_retention)


def _retention(session: Session) -> admin_schemas.Retention:
    return _worded(retention_settings.rules(session), retention_settings.last_run(session))


async def set_retention(chat: Chat, admin: Identity, wanted: admin_payloads.RetentionUpdate) -> admin_schemas.Retention:
    """An entry in the audit log for each thing that changes."""
    chat.require_running()
    permissions.administer(admin)

    def write(session: Session) -> admin_schemas.Retention:
        before = retention_settings.rules(session)
        after = _changed(before, wanted)
        changes = [(kind, before.days[kind], days) for kind, days in after.days.items()]
        for what, old, new in (*changes, ("erasure", before.erasure, after.erasure)):
            if old != new:
                audit_queries.record(session, admin, "set_retention", what=what, before=old, after=new)
        retention_settings.set_rules(session, after)
        return _retention(session)

    return await chat.database.write(write)


async def preview(
    chat: Chat, admin: Identity, wanted: admin_payloads.RetentionUpdate
) -> admin_schemas.RetentionPreview:
    """With these rules; nothing is changed."""
    chat.require_running()
    permissions.administer(admin)
    rules = _changed(await chat.database.read(retention_settings.rules), wanted)
    outcome = await chat.database.in_thread(lambda: purge.preview(chat.database, chat.host, rules))
    return admin_schemas.RetentionPreview(
        messages=sum(outcome.messages.values()), by_kind=dict(outcome.messages), people=len(outcome.people)
    )


async def remove_room(chat: Chat, admin: Identity, room_id: str, name: str) -> None:
    """A room with all that was said there, for good. It is gone for everybody at once, and its messages batch by batch:
    what is left of them where this process ends is the daily purge's.

    :param name: the room's, so that nobody removes another one by mistake.
    """
    chat.require_running()
    permissions.administer(admin)
    number = chat.decode_id(room_id)

    def hide(session: Session) -> None:
        room = permissions.remove_room(room_queries.lock_rooms(session, {number}).get(number), name)
        audit_queries.record(session, admin, "delete_room", room_id=number, name=room.name, kind=room.kind)
        removal_queries.hide(session, room)

    await chat.database.write(hide)
    await telling.dissolved(chat, number)
    batch = removal_queries.NOTHING
    while (
        batch := await chat.database.write(partial(removal_queries.remove_rest, after=batch.last, room_id=number))
    ).count:
        pass


def _changed(rules: Rules, wanted: admin_payloads.RetentionUpdate) -> Rules:
    given = wanted.days.model_dump(exclude_unset=True)
    return rules.changed({kind: given[kind] for kind in retention_settings.KINDS if kind in given}, wanted.erasure)


def _worded(rules: Rules, last_run: datetime | None) -> admin_schemas.Retention:
    days = admin_schemas.RetentionDays.model_validate(rules.days)
    return admin_schemas.Retention(days=days, erasure=rules.erasure, last_run=last_run)
