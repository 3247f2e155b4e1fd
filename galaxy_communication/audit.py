"""What was done in the chat to people, rooms and messages, for administrators to look up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from . import audit_queries, people_queries, permissions, room_queries
from .chat import Chat
from .identity import Identity
from .moderation_models import Audit, Sanction
from .moderation_schemas import AuditEntry, SanctionEntry


async def acts(
    chat: Chat,
    admin: Identity,
    *,
    actor: str | None = None,
    target: str | None = None,
    room_id: str | None = None,
    before: str | None = None,
    limit: int,
) -> list[AuditEntry]:
    """A page of the audit log, the newest first."""
    chat.require_running()
    permissions.administer(admin)
    actor_id, target_id, room, below = (_number(chat, encoded) for encoded in (actor, target, room_id, before))

    def read(session: Session) -> list[tuple[Audit, str | None]]:
        return audit_queries.page(
            session, actor_id=actor_id, target_id=target_id, room_id=room, before=below, limit=limit
        )

    return await chat.database.read_then(read, lambda found: _entries(chat, found))


def _entries(chat: Chat, found: list[tuple[Audit, str | None]]) -> list[AuditEntry]:
    people = chat.views.people(
        user_id for row, _ in found for user_id in (row.actor_id, row.acting_admin_id, row.target_id)
    )
    encode = chat.host.encode_id
    return [
        AuditEntry(
            id=encode(row.id),
            at=row.at,
            act=row.act,  # type: ignore[arg-type]  # the column holds nothing else
            actor=people.get(row.actor_id),
            acting_admin=people.get(row.acting_admin_id or 0),
            target=people.get(row.target_id or 0),
            room_id=encode(row.room_id) if row.room_id else None,
            room_name=name,
            message_id=encode(row.message_id) if row.message_id else None,
            reason=row.reason,
            detail=row.detail,
        )
        for row, name in found
    ]


async def sanctions(
    chat: Chat,
    admin: Identity,
    *,
    active: bool | None = None,
    user_id: str | None = None,
    before: str | None = None,
    limit: int,
) -> list[SanctionEntry]:
    """A page of the silences and bans, the newest first."""
    chat.require_running()
    permissions.administer(admin)
    user, below = _number(chat, user_id), _number(chat, before)

    def read(session: Session) -> NamedSanctions:
        return with_rooms(
            session, people_queries.sanctions(session, active=active, user_id=user, before=below, limit=limit)
        )

    return await chat.database.read_then(read, lambda found: worded(chat, found))


#: With the names of the rooms that they are for.
NamedSanctions = tuple[Sequence[Sanction], dict[int, str]]


def with_rooms(session: Session, rows: Sequence[Sanction]) -> NamedSanctions:
    return rows, room_queries.names(session, {row.room_id for row in rows if row.room_id is not None})


def worded(chat: Chat, found: NamedSanctions) -> list[SanctionEntry]:
    """In a thread, outside a transaction."""
    rows, rooms = found
    people = chat.views.people(user_id for row in rows for user_id in (row.user_id, row.actor_id))
    return [
        SanctionEntry(
            id=chat.host.encode_id(row.id),
            kind="silence" if row.kind == "silence" else "ban",
            user=people[row.user_id],
            actor=people.get(row.actor_id),
            reason=row.reason,
            since=row.created_at,
            until=row.until,
            lifted_at=row.lifted_at,
            active=row.in_force,
            room_id=chat.host.encode_id(row.room_id) if row.room_id else None,
            room_name=rooms.get(row.room_id) if row.room_id else None,
        )
        for row in rows
    ]


def _number(chat: Chat, encoded: str | None) -> int | None:
    return chat.decode_id(encoded) if encoded is not None else None
