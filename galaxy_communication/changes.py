"""What changes a room: the commands that ask for it, and the transaction that stores a batch of them.

Every change takes the next number of its room, in the order of the batch. Rights are checked here, under the lock, and
so are those of the moment of storing. A command that asks for what is so already changes nothing and takes no number:
all of them can be sent twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from . import permissions, queries, schemas
from .database import Database
from .errors import ChatError, Conflict, NotFound
from .models import Membership, Message, Room, now
from .permissions import Identity
from .views import Views

#: Different emoji on one message.
MAX_EMOJI = 20


@dataclass(frozen=True)
class Send:
    author: Identity
    room_id: int
    text: str
    client_id: str
    reply_to_id: int | None


@dataclass(frozen=True)
class Edit:
    author: Identity
    message_id: int
    text: str


@dataclass(frozen=True)
class Delete:
    author: Identity
    message_id: int


@dataclass(frozen=True)
class React:
    author: Identity
    message_id: int
    emoji: str
    on: bool


Command = Send | Edit | Delete | React


@dataclass(frozen=True)
class Change:
    message: Message
    """As it was right after the command."""
    fresh: bool
    """False where the command changed nothing."""


@dataclass(frozen=True)
class Stored:
    """A committed change, as it is told."""

    room_id: int
    message: schemas.Message
    fresh: bool


def commit(database: Database, views: Views, batch: Sequence[Command]) -> list[Stored | ChatError]:
    """Store a batch in one transaction and name the people afterwards. Blocks; an outcome for each command."""
    outcomes = database.write_now(lambda session: store(session, batch))
    rows = [outcome.message for outcome in outcomes if isinstance(outcome, Change)]
    named = iter(views.messages(rows, {command.author.user_id: command.author.username for command in batch}))
    return [
        Stored(outcome.message.room_id, next(named), outcome.fresh) if isinstance(outcome, Change) else outcome
        for outcome in outcomes
    ]


def store(session: Session, batch: Sequence[Command]) -> list[Change | ChatError]:
    """In the session's transaction, with a handful of statements however large the batch is."""
    scene = _Scene(session, batch)
    outcomes: list[Change | ChatError] = []
    for command in batch:
        try:
            outcomes.append(scene.apply(command))
        except ChatError as error:
            outcomes.append(error)
    scene.insert()
    session.flush()
    return outcomes


class _Scene:
    """All that a batch needs to know, read after its rooms were locked."""

    def __init__(self, session: Session, batch: Sequence[Command]) -> None:
        sends = [command for command in batch if isinstance(command, Send)]
        others = [command for command in batch if not isinstance(command, Send)]
        answered = {send.reply_to_id for send in sends if send.reply_to_id is not None}
        targets = {command.message_id for command in others}
        # Before the lock, as it tells which rooms to lock; a message never leaves its room.
        self._room_of = queries.rooms_of_messages(session, targets | answered)
        places = {(send.room_id, send.author.user_id) for send in sends}
        places |= {
            (self._room_of[command.message_id], command.author.user_id)
            for command in others
            if command.message_id in self._room_of
        }
        self._session = session
        self._now = now()
        self._new: list[Message] = []
        self._rooms = queries.lock_rooms(session, {room_id for room_id, _ in places})
        self._memberships = queries.memberships_of(session, places)
        self._messages = queries.messages_by_id(session, targets)
        self._sent = queries.messages_by_client_id(
            session, {(send.room_id, send.author.user_id, send.client_id) for send in sends}
        )

    def apply(self, command: Command) -> Change:
        if isinstance(command, Send):
            return self._send(command)
        message, room, membership = self._target(command)
        if isinstance(command, Edit):
            permissions.edit(command.author, room, membership, message.user_id)
            changes = _edited(message, command.text, self._now)
        elif isinstance(command, Delete):
            permissions.delete(command.author, room, membership, message.user_id)
            changes = {} if message.deleted_at else {"deleted_at": self._now}
        else:
            permissions.post(room, membership)
            changes = _reacted(message, command.author.user_id, command.emoji, on=command.on)
        return self._change(room, message, changes)

    def _send(self, send: Send) -> Change:
        room, membership = self._rooms.get(send.room_id), self._memberships.get((send.room_id, send.author.user_id))
        room = permissions.see(room, membership)
        key = room.id, send.author.user_id, send.client_id
        if earlier := self._sent.get(key):
            return Change(earlier, fresh=False)
        permissions.post(room, membership)
        if send.reply_to_id is not None and self._room_of.get(send.reply_to_id) != room.id:
            raise NotFound("The message that this one answers is not in this room.")
        room.head_seq += 1
        message = self._sent[key] = Message(
            room_id=room.id,
            seq=room.head_seq,
            changed_seq=room.head_seq,
            user_id=send.author.user_id,
            client_id=send.client_id,
            text=send.text,
            reply_to_id=send.reply_to_id,
            reactions={},
            created_at=self._now,
        )
        self._new.append(message)
        return Change(message, fresh=True)

    def _target(self, command: Edit | Delete | React) -> tuple[Message, Room, Membership | None]:
        message = self._messages.get(command.message_id)
        if message is None:
            raise NotFound("There is no such message.")
        membership = self._memberships.get((message.room_id, command.author.user_id))
        return message, permissions.see(self._rooms.get(message.room_id), membership, "message"), membership

    def _change(self, room: Room, message: Message, changes: Mapping[str, object]) -> Change:
        if not changes:
            return Change(message, fresh=False)
        room.head_seq += 1
        message.changed_seq = room.head_seq
        for name, value in changes.items():
            setattr(message, name, value)
        # A copy: a later command of the batch may change the message again.
        return Change(Message(**message.columns()), fresh=True)

    def insert(self) -> None:
        if self._new:
            queries.insert_messages(self._session, self._new)


def _edited(message: Message, text: str, moment: datetime) -> dict[str, object]:
    _require_present(message)
    return {} if message.text == text else {"text": text, "edited_at": moment}


def _reacted(message: Message, user_id: int, emoji: str, *, on: bool) -> dict[str, object]:
    _require_present(message)
    users = message.reactions.get(emoji, [])
    if (user_id in users) == on:
        return {}
    if not users and len(message.reactions) >= MAX_EMOJI:
        raise Conflict(f"A message can have {MAX_EMOJI} different reactions.")
    users = [*users, user_id] if on else [other for other in users if other != user_id]
    reactions = {**message.reactions, emoji: users}
    return {"reactions": {emoji: users for emoji, users in reactions.items() if users}}


def _require_present(message: Message) -> None:
    if message.deleted_at is not None:
        raise Conflict("This message was deleted.")
