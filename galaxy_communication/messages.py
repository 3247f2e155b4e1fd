"""Sending, changing and reading messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy.orm import Session

from . import access, moderation, payloads, permissions, queries, schemas, text, views
from .chat import Chat
from .commands import Command, Delete, Edit, Pin, React, Send, Stored
from .errors import Invalid, NotFound, RateLimited
from .identity import Identity
from .models import Membership, Message, Room
from .ratelimit import Kind

#: Changes that `sync` replays at most for one room; a larger gap is answered with the newest page.
SYNC_CAP = 300
SYNC_PAGE = 50
#: Messages in one answer of `sync`, all rooms together; past it rooms get newest pages, down to a single message.
SYNC_TOTAL = 1000
MAX_PAGE = 200


async def send(chat: Chat, author: Identity, room_id: str, body: payloads.MessageBody) -> schemas.Message:
    """Store a message; like all that changes a room, it returns after the commit.

    All of these first await in their turn at the limits, and from there reach the writer's queue at once: one author's
    are stored in the order of the calls.
    """
    chat.require_running()
    return await _stored(
        chat,
        Send(
            author=author,
            room_id=chat.decode_id(room_id),
            text=text.message_text(body.text, chat.settings.communication_max_message_length),
            client_id=body.client_id,
            reply_to_id=chat.decode_id(body.reply_to) if body.reply_to else None,
        ),
    )


async def edit(chat: Chat, author: Identity, message_id: str, source: str) -> schemas.Message:
    chat.require_running()
    new_text = text.message_text(source, chat.settings.communication_max_message_length)
    return await _stored(chat, Edit(author, chat.decode_id(message_id), new_text))


async def delete(chat: Chat, author: Identity, message_id: str, reason: str = "") -> schemas.Message:
    """What is left of it: its place."""
    chat.require_running()
    return await _stored(chat, Delete(author, chat.decode_id(message_id), reason))


async def react(chat: Chat, author: Identity, message_id: str, emoji: str, *, on: bool) -> schemas.Message:
    chat.require_running()
    return await _stored(chat, React(author, chat.decode_id(message_id), text.reaction(emoji), on))


async def pin(chat: Chat, author: Identity, message_id: str, *, on: bool) -> schemas.Message:
    chat.require_running()
    return await _stored(chat, Pin(author, chat.decode_id(message_id), on))


async def _stored(chat: Chat, command: Command) -> schemas.Message:
    await _pace(chat, command)
    return (await chat.writer.submit(command)).message


async def _pace(chat: Chat, command: Command) -> None:
    author_id = command.author.user_id
    kind: Kind = "messages" if isinstance(command, Send) else "reactions" if isinstance(command, React) else "edits"
    try:
        await chat.limits.take(kind, author_id)
    except RateLimited as refusal:
        if isinstance(command, Send) and await chat.limits.is_flood(author_id, refusal.retry_after or 0):
            await moderation.silence_flooder(chat, command.author, command.room_id)
        raise


def publish(chat: Chat, batch: Sequence[Stored]) -> None:
    """Tell the rooms' members what was committed: a frame per room; and the other processes that it was."""
    heads: dict[int, int] = {}
    fresh = sorted((stored for stored in batch if stored.fresh), key=lambda stored: stored.room_id)
    for room_id, group in groupby(fresh, key=lambda stored: stored.room_id):
        events = [views.event(stored.message, applied=stored.message.changed_seq - 1) for stored in group]
        after, heads[room_id] = events[0].seq - 1, events[-1].seq
        chat.broadcast.room_events(room_id, chat.host.encode_id(room_id), events, after, heads[room_id])
    if heads:
        chat.bus.committed(heads)
        chat.catch_up.heard(heads.items())


async def page(
    chat: Chat,
    reader: Identity,
    room_id: str,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
    limit: int = SYNC_PAGE,
) -> list[schemas.Message]:
    """A page of a room's messages by number, the newest first; at most one of ``before``, ``after``, ``around``."""
    chat.require_running()
    if sum(bound is not None for bound in (before, after, around)) > 1:
        raise Invalid("Give one of before, after and around.")
    room = chat.decode_id(room_id)

    def read(session: Session) -> list[Message]:
        permissions.see(*access.place(session, room, reader))
        if after is not None:
            return queries.page_after(session, room, after, limit)
        if around is not None:
            newer = queries.page_after(session, room, around - 1, (limit + 1) // 2)
            return newer + queries.page_before(session, room, around, limit - len(newer))
        return queries.page_before(session, room, before, limit)

    return await chat.database.read_then(read, chat.views.messages)


async def get(chat: Chat, reader: Identity, message_id: str) -> schemas.Message:
    chat.require_running()
    number = chat.decode_id(message_id)

    (message,) = await chat.database.read_then(lambda session: [seen(session, number, reader)[0]], chat.views.messages)
    return message


def seen(session: Session, message_id: int, reader: Identity) -> tuple[Message, Room, Membership | None]:
    """A message, and where it is, if the reader may know of it."""
    row = queries.message(session, message_id)
    if row is None:
        raise NotFound("There is no such message.")
    room, membership = access.place(session, row.room_id, reader)
    return row, permissions.see(room, membership, "message"), membership


async def pins(chat: Chat, reader: Identity, room_id: str) -> list[schemas.Message]:
    """A room's pinned messages, the last pinned first."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def read(session: Session) -> list[Message]:
        permissions.see(*access.place(session, number, reader))
        return queries.pins(session, number)

    return await chat.database.read_then(read, chat.views.messages)


async def revisions(chat: Chat, reader: Identity, message_id: str) -> list[schemas.Revision]:
    """What a message said before, the newest first; of a deleted one, also what it said last."""
    chat.require_running()
    number = chat.decode_id(message_id)

    def read(session: Session) -> list[schemas.Revision]:
        row, room, membership = seen(session, number, reader)
        permissions.see_revisions(reader, room, membership, row.user_id)
        found = [
            schemas.Revision(text=old.text, replaced_at=old.replaced_at) for old in queries.revisions(session, number)
        ]
        last = [schemas.Revision(text=row.text, replaced_at=row.deleted_at)] if row.deleted_at else []
        return last + found

    return await chat.database.read(read)


@dataclass(frozen=True)
class Gap:
    """What `sync` found of one room."""

    recovered: bool
    applied: int
    rows: list[Message]
    head_seq: int


async def sync(chat: Chat, reader: Identity, applied: Mapping[str, int]) -> dict[str, schemas.SyncedRoom]:
    """What changed in each room after the number that the reader has applied; rooms it may not see are left out."""
    chat.require_running()
    numbers: dict[str, int] = {}
    for room_id in applied:
        with suppress(NotFound):
            numbers[room_id] = chat.decode_id(room_id)

    def read(session: Session) -> dict[str, Gap]:
        gaps: dict[str, Gap] = {}
        left = SYNC_TOTAL
        places = access.places(session, numbers.values(), reader)
        for room_id, number in numbers.items():
            with suppress(NotFound):
                room, seq = permissions.see(*places.get(number, (None, None))), applied[room_id]
                gaps[room_id] = _gap(session, room, seq, cap=min(SYNC_CAP, left))
                left = max(left - len(gaps[room_id].rows), 1)
        return gaps

    def present(gaps: dict[str, Gap]) -> dict[str, schemas.SyncedRoom]:
        named = iter(chat.views.messages([row for gap in gaps.values() for row in gap.rows]))
        return {room_id: _synced(gap, [next(named) for _ in gap.rows]) for room_id, gap in gaps.items()}

    found = await chat.database.read_then(read, present)
    for synced in found.values():
        chat.metrics.synced(recovered=synced.recovered)
    return found


def _gap(session: Session, room: Room, applied: int, cap: int) -> Gap:
    if applied == room.head_seq:
        return Gap(True, applied, [], applied)
    if applied < room.head_seq:
        rows = queries.changed_since(session, room.id, applied, cap + 1)
        if len(rows) <= cap:
            return Gap(True, applied, rows, room.head_seq)
    return Gap(False, 0, queries.page_before(session, room.id, None, min(SYNC_PAGE, cap)), room.head_seq)


def _synced(gap: Gap, named: list[schemas.Message]) -> schemas.SyncedRoom:
    events = sorted((views.event(message, gap.applied) for message in named), key=lambda event: event.seq)
    return schemas.SyncedRoom(recovered=gap.recovered, events=events, head_seq=gap.head_seq)
