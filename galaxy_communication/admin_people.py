"""The people of the whole server, for administrators: who they are to Galaxy, how much they say, what is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from . import admin_queries, audit, people_queries, permissions
from .admin_queries import Said
from .admin_schemas import AdminUser
from .chat import Chat
from .identity import Identity
from .moderation_models import Sanction


@dataclass(frozen=True)
class Found:
    """What the chat has of a page of people."""

    user_ids: Sequence[int]
    said: Mapping[int, Said]
    silences: Mapping[int, Sanction]
    bans: Mapping[int, Sanction]


async def listed(
    chat: Chat, admin: Identity, *, query: str = "", before: str | None = None, limit: int
) -> list[AdminUser]:
    """A page, the newest accounts first: with ``query`` Galaxy's users whose public name or address begins so, whether
    they use the chat or not; without, those who have come to it."""
    chat.require_running()
    permissions.administer(admin)
    below = chat.decode_id(before) if before is not None else None
    galaxys: list[int] | None = None
    if prefix := query.strip():
        galaxys = await chat.database.in_thread(lambda: chat.host.accounts_beginning(prefix, below, limit))

    def read(session: Session) -> Found:
        known = galaxys if galaxys is not None else admin_queries.known_user_ids(session, before=below, limit=limit)
        return Found(
            known,
            admin_queries.said_by(session, known),
            people_queries.silences(session, known),
            people_queries.bans(session, known),
        )

    return await chat.database.read_then(read, lambda found: _worded(chat, found))


def _worded(chat: Chat, found: Found) -> list[AdminUser]:
    accounts = chat.host.accounts(found.user_ids)
    in_force = [*found.silences.values(), *found.bans.values()]
    entries = dict(zip((row.id for row in in_force), audit.worded(chat, (in_force, {})), strict=True))

    def worded(user_id: int) -> AdminUser:
        account, said = accounts.get(user_id), found.said.get(user_id)
        silence, ban = found.silences.get(user_id), found.bans.get(user_id)
        return AdminUser(
            user=chat.views.user(user_id, account.username if account else None),
            email=account.email if account else None,
            deleted=account is None or account.deleted,
            message_count=said.message_count if said else 0,
            last_message_at=said.last_message_at if said else None,
            silence=entries[silence.id] if silence else None,
            ban=entries[ban.id] if ban else None,
        )

    return [worded(user_id) for user_id in found.user_ids]
