"""Sending and reading messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from . import permissions, queries, schemas, text, views
from .chat import Chat
from .errors import ChatError, Invalid, NotFound
from .models import Message
from .permissions import Identity
from .views import Views

#: Changes that `sync` replays at most for one room; a larger gap is answered with the newest page.
SYNC_CAP = 300
SYNC_PAGE = 50
MAX_PAGE = 200


@dataclass(frozen=True)
class Send:
    """A message on its way to the writer."""

    author: Identity
    room_id: int
    text: str
    client_id: str
    reply_to_id: int | None

    @property
    def place(self) -> queries.Place:
        return self.room_id, self.author.user_id


@dataclass(frozen=True)
class Stored:
    room_id: int
    message: schemas.Message
    fresh: bool
    """False where the author had sent it before: it gives the first message back and changes nothing."""


Outcome = Stored | ChatError


async def send(chat: Chat, author: Identity, room_id: str, body: schemas.MessageBody) -> schemas.Message:
    """Store a message; returns after the commit.

    Reaches the writer's queue before it first awaits, so a caller's messages are stored in the order of the calls.
    """
    chat.require_running()
    stored = await chat.writer.submit(
        Send(
            author=author,
            room_id=chat.decode_id(room_id),
            text=text.message_text(body.text, chat.settings.communication_max_message_length),
            client_id=body.client_id,
            reply_to_id=chat.decode_id(body.reply_to) if body.reply_to else None,
        )
    )
    return stored.message


def store(session: Session, batch: Sequence[Send], present: Views) -> list[Outcome]:
    """Store a batch in the session's transaction: rights, numbers and rows for all rooms in a handful of statements."""
    places = {command.place for command in batch}
    rooms = queries.lock_rooms(session, {room_id for room_id, _ in places})
    memberships = queries.memberships_at(session, places)
    known = queries.messages_by_client_id(session, places, {command.client_id for command in batch})
    reply_rooms = queries.rooms_of_messages(session, {c.reply_to_id for c in batch if c.reply_to_id is not None})

    rows: list[dict[str, Any]] = []
    row_of: dict[tuple[int, int, str], int] = {}
    errors: dict[int, ChatError] = {}
    for position, command in enumerate(batch):
        room, membership = rooms.get(command.room_id), memberships.get(command.place)
        key = (*command.place, command.client_id)
        try:
            permissions.see(room, membership)
            if key in known or key in row_of:
                continue
            room = permissions.post(room, membership)
            if command.reply_to_id is not None and reply_rooms.get(command.reply_to_id) != room.id:
                raise NotFound("The message that this one answers is not in this room.")
        except ChatError as error:
            errors[position] = error
            continue
        room.head_seq += 1
        row_of[key] = len(rows)
        rows.append(
            {
                "room_id": room.id,
                "seq": room.head_seq,
                "changed_seq": room.head_seq,
                "user_id": command.author.user_id,
                "client_id": command.client_id,
                "text": command.text,
                "reply_to_id": command.reply_to_id,
            }
        )
    session.flush()
    inserted = queries.insert_messages(session, rows) if rows else []
    return list(_outcomes(batch, known, row_of, inserted, errors, present))


def _outcomes(
    batch: Sequence[Send],
    known: Mapping[tuple[int, int, str], Message],
    row_of: Mapping[tuple[int, int, str], int],
    inserted: Sequence[Message],
    errors: Mapping[int, ChatError],
    present: Views,
) -> list[Outcome]:
    told: set[int] = set()
    outcomes: list[Outcome] = []
    for position, command in enumerate(batch):
        if error := errors.get(position):
            outcomes.append(error)
            continue
        key = (*command.place, command.client_id)
        message = known.get(key) or inserted[row_of[key]]
        fresh = key not in known and message.id not in told
        told.add(message.id)
        wire = present.message(message, present.identity(command.author))
        outcomes.append(Stored(command.room_id, wire, fresh))
    return outcomes


def publish(chat: Chat, batch: Sequence[Stored]) -> None:
    """Tell the rooms' members what was committed: a frame per room."""
    fresh = sorted(
        (stored for stored in batch if stored.fresh), key=lambda stored: (stored.room_id, stored.message.seq)
    )
    for room_id, group in groupby(fresh, key=lambda stored: stored.room_id):
        events = [views.event(stored.message, applied=stored.message.seq - 1) for stored in group]
        chat.broadcast.room_events(room_id, chat.host.encode_id(room_id), events)


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
        permissions.see(*queries.room_of(session, room, reader.user_id))
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

    def read(session: Session) -> list[Message]:
        row = queries.message(session, number)
        if row is None:
            raise NotFound("There is no such message.")
        permissions.see(*queries.room_of(session, row.room_id, reader.user_id))
        return [row]

    (message,) = await chat.database.read_then(read, chat.views.messages)
    return message


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

    def read(session: Session) -> dict[str, Gap]:
        gaps = {}
        for room_id, seq in applied.items():
            with suppress(NotFound):
                number = chat.decode_id(room_id)
                permissions.see(*queries.room_of(session, number, reader.user_id))
                gaps[room_id] = _gap(session, number, seq)
        return gaps

    def present(gaps: dict[str, Gap]) -> dict[str, schemas.SyncedRoom]:
        named = iter(chat.views.messages([row for gap in gaps.values() for row in gap.rows]))
        return {room_id: _synced(gap, [next(named) for _ in gap.rows]) for room_id, gap in gaps.items()}

    return await chat.database.read_then(read, present)


def _gap(session: Session, room_id: int, applied: int) -> Gap:
    head = queries.head_seqs(session, {room_id})[room_id]  # first: what is read after it is at least as new
    rows = queries.changed_since(session, room_id, applied, SYNC_CAP + 1)
    if len(rows) <= SYNC_CAP and applied <= head:
        return Gap(True, applied, rows, head)
    return Gap(False, 0, queries.page_before(session, room_id, None, SYNC_PAGE), head)


def _synced(gap: Gap, named: list[schemas.Message]) -> schemas.SyncedRoom:
    events = sorted((views.event(message, gap.applied) for message in named), key=lambda event: event.seq)
    head_seq = max([gap.head_seq, *(event.seq for event in events)])
    return schemas.SyncedRoom(recovered=gap.recovered, events=events, head_seq=head_seq)
