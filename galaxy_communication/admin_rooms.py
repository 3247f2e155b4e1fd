"""The rooms of the whole server, and Galaxy's groups, for administrators. Nothing here shows what is said in a room."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import get_args

from sqlalchemy.orm import Session

from . import admin_queries, payloads, permissions, room_queries, room_settings, text
from .admin_queries import RoomFound
from .admin_schemas import AdminRoom, GalaxyGroup
from .chat import Chat
from .errors import NotFound
from .identity import Identity
from .schemas import RoomKind

#: Conversations of two are nobody's to look after.
KINDS = frozenset(get_args(RoomKind)) - {"direct"}
MAX_GROUPS = 200


async def listed(
    chat: Chat,
    admin: Identity,
    *,
    query: str = "",
    kind: RoomKind | None = None,
    archived: bool | None = None,
    before: str | None = None,
    limit: int,
) -> list[AdminRoom]:
    """A page, the newest first; with ``query`` those whose name contains it."""
    chat.require_running()
    permissions.administer(admin)
    name, kinds = text.name_key(query), KINDS if kind is None else KINDS & {kind}
    below = chat.decode_id(before) if before is not None else None

    def page(session: Session) -> Sequence[int]:
        return admin_queries.room_ids(session, name=name, kinds=kinds, archived=archived, before=below, limit=limit)

    return await chat.database.read_then(
        lambda session: admin_queries.rooms(session, page(session)), lambda found: _worded(chat, found)
    )


async def update(chat: Chat, admin: Identity, room_id: str, wanted: payloads.RoomUpdate) -> AdminRoom:
    number = await room_settings.administer(chat, admin, room_id, wanted)
    views = await chat.database.read_then(
        lambda session: admin_queries.rooms(session, {number}), lambda found: _worded(chat, found)
    )
    if not views:
        raise NotFound("There is no such room.")
    return views[0]


def _worded(chat: Chat, found: Collection[RoomFound]) -> list[AdminRoom]:
    people = chat.views.people(one.owner_id for one in found)
    groups = chat.host.group_names({one.room.binding for one in found if one.room.binding is not None})
    return [
        AdminRoom(
            id=chat.host.encode_id(one.room.id),
            name=one.room.name,
            topic=one.room.topic,
            kind=one.room.kind,  # type: ignore[arg-type]  # the column holds nothing else
            member_count=one.room.member_count,
            message_count=one.message_count,
            owner=people.get(one.owner_id or 0),
            group_name=groups.get(one.room.binding or ""),
            created_at=one.room.created_at,
            last_message_at=one.last_message_at,
            archived=one.room.archived_at is not None,
            read_only=one.room.read_only,
            slow_mode_seconds=one.room.slow_mode_seconds,
            configured=one.room.configured,
        )
        for one in found
    ]


async def galaxys_groups(chat: Chat, admin: Identity, query: str) -> list[GalaxyGroup]:
    """Galaxy's groups and roles whose name contains ``query``, by name; which of them have a room."""
    chat.require_running()
    permissions.administer(admin)

    def present(bound: dict[str, int]) -> list[GalaxyGroup]:
        found = chat.host.groups_named(query.strip(), MAX_GROUPS)
        rooms = {binding: chat.host.encode_id(room_id) for binding, room_id in bound.items()}
        return [
            GalaxyGroup(id=chat.host.encode_id(number), name=name, kind=kind, room_id=rooms.get(f"{kind}:{number}"))
            for kind, number, name in found
        ]

    return await chat.database.read_then(room_queries.bound_rooms, present)
