"""The audit log: an INSERT in the transaction of the act, and the SELECTs. There is no UPDATE and no DELETE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, aliased

from .identity import Identity
from .models import Room
from .moderation_models import Audit
from .moderation_schemas import Act


def record(
    session: Session,
    actor: Identity | int,
    act: Act,
    *,
    room_id: int | None = None,
    target_id: int | None = None,
    message_id: int | None = None,
    reason: str = "",
    **detail: str | int | bool | None,
) -> None:
    """
    :param actor: or `THE_CHAT`.
    """
    session.add(
        Audit(
            actor_id=actor if isinstance(actor, int) else actor.user_id,
            acting_admin_id=None if isinstance(actor, int) else actor.acting_admin_id,
            act=act,
            room_id=room_id,
            target_id=target_id,
            message_id=message_id,
            reason=reason.strip(),
            detail=detail,
        )
    )


def record_all(session: Session, actor_id: int, act: Act, entries: Sequence[Mapping[str, object]]) -> None:
    """In one statement.

    :param entries: what each has beside these, by column.
    """
    session.execute(insert(Audit), [{"actor_id": actor_id, "act": act, **entry} for entry in entries])


def page(
    session: Session,
    *,
    actor_id: int | None,
    target_id: int | None,
    room_id: int | None,
    before: int | None,
    limit: int,
) -> list[tuple[Audit, str | None]]:
    """The newest first, each with the name of its room; that of one that is gone is in the entry of its removal."""
    end = aliased(Audit)
    last_name = select(end.detail["name"].as_string()).where(end.room_id == Audit.room_id, end.act == "delete_room")
    name = func.coalesce(Room.name, last_name.correlate(Audit).limit(1).scalar_subquery())
    statement = select(Audit, name).outerjoin(Room, Room.id == Audit.room_id)
    for column, value in ((Audit.actor_id, actor_id), (Audit.target_id, target_id), (Audit.room_id, room_id)):
        if value is not None:
            statement = statement.where(column == value)
    if before is not None:
        statement = statement.where(Audit.id < before)
    return [(entry, name) for entry, name in session.execute(statement.order_by(Audit.id.desc()).limit(limit))]
