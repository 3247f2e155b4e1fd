"""Exports: what was said in a room, for administrators, and what oneself has said, as JSON lines.

A page is read in a transaction of its own, and its names are asked of Galaxy after it: an export takes as long as its
reader does, and neither database waits for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from . import admin_schemas, audit_queries, export_queries, permissions
from .chat import Chat
from .database import Database
from .export_queries import Part
from .identity import Identity
from .models import Message, Room
from .views import Views, other_of


@dataclass(frozen=True)
class Export:
    """
    :param viewer_id: whose export it is, to name their conversations by the other one; None for administrators.
    """

    database: Database
    views: Views
    parts: Sequence[Part]
    viewer_id: int | None = None

    @property
    def count(self) -> int:
        """Of the lines to come."""
        return sum(part.count for part in self.parts)

    def pages(self) -> Iterator[list[str]]:
        """The lines, some hundred at a time. Blocks."""
        for part in self.parts:
            last = 0
            while rows := self.database.read_now(partial(export_queries.page, part=part, after=last)):
                last = rows[-1].seq
                yield self._lines(part, rows)

    def _lines(self, part: Part, rows: Sequence[Message]) -> list[str]:
        other = other_of(part.room, self.viewer_id) if self.viewer_id is not None else None
        concerned = (user_id for row in rows for user_id in (row.user_id, row.acting_admin_id))
        names = {user_id: user.username for user_id, user in self.views.people([*concerned, other]).items()}
        room_name = part.room.name if other is None else names[other] or ""
        return [f"{self._line(row, part, room_name, names).model_dump_json()}\n" for row in rows]

    def _line(
        self, row: Message, part: Part, room_name: str, names: Mapping[int, str | None]
    ) -> admin_schemas.ExportedMessage:
        encode = self.views.encode_id

        def person(user_id: int) -> admin_schemas.ExportedUser:
            return admin_schemas.ExportedUser(id=encode(user_id), username=names[user_id])

        deleted = row.deleted_at is not None
        return admin_schemas.ExportedMessage(
            id=encode(row.id),
            room_id=encode(row.room_id),
            room_name=room_name,
            room_kind=part.room.kind,  # type: ignore[arg-type]  # nobody sees rooms of another kind
            seq=row.seq,
            user=person(row.user_id),
            acting_admin=person(row.acting_admin_id) if row.acting_admin_id else None,
            text="" if deleted else row.text,
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted=deleted,
            pinned=row.pinned_at is not None,
            reply_to=encode(row.reply_to_id) if row.reply_to_id else None,
            reactions={} if deleted else {emoji: len(users) for emoji, users in row.reactions.items()},
        )


async def of_room(chat: Chat, admin: Identity, room_id: str) -> Export:
    """Never of a conversation of two."""
    chat.require_running()
    permissions.administer(admin)
    number = chat.decode_id(room_id)
    return await chat.database.write(lambda session: begin(session, chat.database, chat.views, number, admin))


def begin(session: Session, database: Database, views: Views, room_id: int, actor: Identity | int) -> Export:
    """Of a room; it is in the audit log before the first line is read.

    :param actor: or `THE_CHAT`.
    """
    room = session.get(Room, room_id)
    part = export_queries.of_room(session, permissions.export(room))
    audit_queries.record(session, actor, "export_room", room_id=room_id, messages=part.count)
    return Export(database, views, [part])


async def of_author(chat: Chat, author: Identity) -> Export:
    """All that they wrote themselves, also in rooms that they have left; nothing of others."""
    chat.require_running()
    await chat.limits.take("searches", author.user_id)
    parts = await chat.database.read(lambda session: export_queries.of_author(session, author.user_id))
    return Export(chat.database, chat.views, parts, author.user_id)


async def stream(chat: Chat, export: Export) -> AsyncIterator[str]:
    pages = export.pages()
    while (lines := await chat.database.in_thread(lambda: next(pages, None))) is not None:
        yield "".join(lines)
