"""The transaction that stores a batch of commands.

Every change takes the next number of its room, in the order of the batch. Rights are checked here, under the lock, and
so are those of the moment of storing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from . import audit_queries, mentions, people_queries, permissions, queries, report_queries, room_queries
from .commands import Change, Command, Delete, Edit, Pin, React, Send, Stored
from .database import Database
from .errors import ChatError, Conflict, NotFound
from .filter_store import WordFilters
from .models import EVERYBODY, Membership, Message, Revision, Room, now
from .views import Views, other_of
from .word_filter import Outcome, Verdicts

#: Different emoji on one message.
MAX_EMOJI = 20
#: Pinned messages in one room.
MAX_PINS = 50

#: Ids by public name, asked of Galaxy.
UsersNamed = Callable[[Collection[str]], Mapping[str, int]]
#: What the word filter in force says of a text.
Judge = Callable[[str], Outcome]
#: In the transaction: what it will have changed when it is committed, as the newest number of each room.
Tell = Callable[[Session, Mapping[int, int]], None]


def commit(
    database: Database,
    views: Views,
    users_named: UsersNamed,
    filters: WordFilters,
    batch: Sequence[Command],
    tell: Tell = lambda session, heads: None,
) -> list[Stored | ChatError]:
    """Store a batch in one transaction. Blocks; an outcome for each command.

    Galaxy is asked for people before and after the transaction, never in it; texts are looked through before, too.
    """
    texts = [command.text for command in batch if isinstance(command, Send | Edit)]
    names = mentions.names_in(texts)
    users = users_named(names) if names else {}
    verdicts = Verdicts(filters.latest, texts)

    def write(session: Session) -> list[Change | ChatError]:
        in_force = filters.in_force(session) if texts else filters.latest
        outcomes = store(session, batch, users, lambda text: verdicts.of(text, in_force))
        changed = [outcome.message for outcome in outcomes if isinstance(outcome, Change) and outcome.fresh]
        tell(session, {row.room_id: row.changed_seq for row in sorted(changed, key=lambda row: row.changed_seq)})
        return outcomes

    outcomes = database.write_now(write)
    rows = [outcome.message for outcome in outcomes if isinstance(outcome, Change)]
    named = iter(views.messages(rows, {command.author.user_id: command.author.username for command in batch}))
    return [
        Stored(outcome.message.room_id, next(named), outcome.fresh, outcome.addressed)
        if isinstance(outcome, Change)
        else outcome
        for outcome in outcomes
    ]


def store(
    session: Session, batch: Sequence[Command], users: Mapping[str, int], judge: Judge
) -> list[Change | ChatError]:
    """In the session's transaction, with a handful of statements however large the batch is.

    :param users: those whom the batch names, by public name.
    """
    scene = _Scene(session, batch, users, judge)
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

    def __init__(self, session: Session, batch: Sequence[Command], users: Mapping[str, int], judge: Judge) -> None:
        sends = [command for command in batch if isinstance(command, Send)]
        others = [command for command in batch if not isinstance(command, Send)]
        answered = {send.reply_to_id for send in sends if send.reply_to_id is not None}
        targets = {command.message_id for command in others}
        # Before the lock, as it tells which rooms to lock; a message never leaves its room.
        self._room_of = queries.rooms_of_messages(session, targets | answered)
        places = {
            (room_id, user_id)
            for command in batch
            if (room_id := command.room_id if isinstance(command, Send) else self._room_of.get(command.message_id))
            for user_id in _concerned(command, users)
        }
        self._session = session
        self._users = users
        self._judge = judge
        self._now = now()
        self._new: list[Message] = []
        self._revisions: list[Revision] = []
        self._reported: list[tuple[Message, tuple[str, ...]]] = []
        """What the word filter tells moderators of, and what was found in it."""
        self._mentions: dict[tuple[int, int, int], bool] = {}
        """By user, room and number: whether the message addresses the user, after the batch."""
        self._last_addressed: dict[int, datetime | None] = {}
        """By room: when everybody in it was last addressed, as far as anybody wants to."""
        self._rooms = room_queries.lock_rooms(session, {room_id for room_id, _ in places})
        self._memberships = room_queries.memberships_of(session, places)
        self._silences = people_queries.silences(session, {command.author.user_id for command in batch})
        self._messages = queries.messages_by_id(session, targets)
        self._sent = queries.messages_by_client_id(
            session, {(send.room_id, send.author.user_id, send.client_id) for send in sends}
        )
        self._newest = queries.newest_by(session, {_place(send) for send in sends if self._is_slowed(send)})
        """By room and author: when those who wait between two messages have last written."""

    def apply(self, command: Command) -> Change:
        if isinstance(command, Send):
            return self._send(command)
        message, room, membership = self._target(command)
        silence = self._silences.get(command.author.user_id)
        if isinstance(command, Edit):
            permissions.edit(command.author, room, membership, message.user_id, silence)
            changes = self._edited(command, message, room, membership)
        elif isinstance(command, Delete):
            permissions.delete(command.author, room, membership, message.user_id, silence)
            changes = self._deleted(command, message)
        elif isinstance(command, Pin):
            permissions.pin(command.author, room, membership, silence)
            changes = self._pinned(message, room, on=command.on)
        else:
            permissions.post(command.author, room, membership, silence)
            changes = _reacted(message, command.author.user_id, command.emoji, on=command.on)
        return self._change(room, message, changes)

    def _send(self, send: Send) -> Change:
        room, membership = self._rooms.get(send.room_id), self._memberships.get(_place(send))
        room = permissions.see(room, membership)
        key = *_place(send), send.client_id
        if earlier := self._sent.get(key):
            return Change(earlier, fresh=False)
        permissions.post(send.author, room, membership, self._silences.get(send.author.user_id))
        if self._is_slowed(send):
            permissions.wait_in_turn(room, self._newest.get(_place(send)), self._now)
        if send.reply_to_id is not None and self._room_of.get(send.reply_to_id) != room.id:
            raise NotFound("The message that this one answers is not in this room.", reason="answered_gone")
        verdict = self._judge(send.text)
        verdict.require_allowed()
        send = replace(send, text=verdict.text)
        addressed = self._addresses(send, room, membership, before=())
        room.head_seq += 1
        message = self._sent[key] = Message(
            room_id=room.id,
            seq=room.head_seq,
            changed_seq=room.head_seq,
            user_id=send.author.user_id,
            client_id=send.client_id,
            text=send.text,
            reply_to_id=send.reply_to_id,
            acting_admin_id=send.author.acting_admin_id,
            reactions={},
            mentions=addressed,
            created_at=self._now,
        )
        self._new.append(message)
        self._note(message, verdict)
        self._newest[_place(send)] = self._now
        self._mentions |= {(user_id, room.id, message.seq): True for user_id in addressed}
        other = other_of(room, send.author.user_id)
        return Change(message, fresh=True, addressed=tuple(addressed) if other is None else (other,))

    def _is_slowed(self, send: Send) -> bool:
        room, membership = self._rooms.get(send.room_id), self._memberships.get(_place(send))
        return room is not None and permissions.is_slowed(send.author, room, membership)

    def _addresses(
        self, command: Send | Edit, room: Room, membership: Membership | None, before: Sequence[int]
    ) -> list[int]:
        found = mentions.members_in(command.text, self._users, room, self._memberships.keys())
        if EVERYBODY in found and EVERYBODY not in before:
            if room.id not in self._last_addressed:
                self._last_addressed[room.id] = queries.last_addressed(self._session, room.id)
            last = self._last_addressed[room.id]
            mentions.address_everybody(command.author, room, membership, last, self._now)
            self._last_addressed[room.id] = self._now
        return found

    def _target(self, command: Edit | Delete | React | Pin) -> tuple[Message, Room, Membership | None]:
        message = self._messages.get(command.message_id)
        if message is None:
            raise NotFound("There is no such message.")
        membership = self._memberships.get((message.room_id, command.author.user_id))
        return message, permissions.see(self._rooms.get(message.room_id), membership, "message"), membership

    def _edited(self, edit: Edit, message: Message, room: Room, membership: Membership | None) -> dict[str, object]:
        _require_present(message)
        if message.text == edit.text:
            return {}
        verdict = self._judge(edit.text)
        verdict.require_allowed()
        if message.text == verdict.text:
            return {}
        edit = replace(edit, text=verdict.text)
        addressed = self._addresses(edit, room, membership, before=message.mentions)
        self._note(message, verdict)
        self._revisions.append(Revision(message_id=message.id, text=message.text, replaced_at=self._now))
        return {"text": edit.text, "edited_at": self._now, "mentions": addressed, **_acting(edit, message)}

    def _note(self, message: Message, verdict: Outcome) -> None:
        if verdict.reported:
            self._reported.append((message, verdict.reported))

    def _deleted(self, delete: Delete, message: Message) -> dict[str, object]:
        if message.deleted_at is not None:
            return {}
        if message.user_id != delete.author.user_id:
            place = {"room_id": message.room_id, "message_id": message.id, "target_id": message.user_id}
            audit_queries.record(self._session, delete.author, "delete_message", reason=delete.reason, **place)
        return {"deleted_at": self._now, "pinned_at": None, "mentions": [], **_acting(delete, message)}

    def _pinned(self, message: Message, room: Room, *, on: bool) -> dict[str, object]:
        _require_present(message)
        if (message.pinned_at is not None) == on:
            return {}
        self._session.flush()
        if on and queries.pin_count(self._session, room.id) >= MAX_PINS:
            raise Conflict(
                f"A room can have {MAX_PINS} pinned messages. Unpin one first.", reason="pins_full", count=MAX_PINS
            )
        return {"pinned_at": self._now if on else None}

    def _change(self, room: Room, message: Message, changes: Mapping[str, object]) -> Change:
        if not changes:
            return Change(message, fresh=False)
        before = set(message.mentions)
        room.head_seq += 1
        message.changed_seq = room.head_seq
        for name, value in changes.items():
            setattr(message, name, value)
        self._mentions |= {(user, room.id, message.seq): False for user in before.difference(message.mentions)}
        self._mentions |= {(user, room.id, message.seq): True for user in message.mentions if user not in before}
        # A copy: a later command of the batch may change the message again.
        return Change(Message(**message.columns()), fresh=True)

    def insert(self) -> None:
        if self._new:
            queries.insert_messages(self._session, self._new)
        self._session.add_all(self._revisions)
        if self._reported:
            report_queries.report_found(self._session, self._reported, self._now)
        old = {message.seq for message in self._messages.values()}
        queries.remove_mentions(self._session, [key for key in self._mentions if key[2] in old])
        queries.add_mentions(self._session, [key for key, addressed in self._mentions.items() if addressed])


def _place(send: Send) -> tuple[int, int]:
    return send.room_id, send.author.user_id


def _concerned(command: Command, users: Mapping[str, int]) -> list[int]:
    """The author, and whom the text names: their memberships have to be known."""
    named = mentions.users_in(command.text, users) if isinstance(command, Send | Edit) else []
    return [command.author.user_id, *(user for user in named if user != EVERYBODY)]


def _acting(command: Edit | Delete, message: Message) -> dict[str, object]:
    """The mark of an administrator who does this in the author's place, if one does."""
    author = command.author
    acts = author.acting_admin_id is not None and author.user_id == message.user_id
    return {"acting_admin_id": author.acting_admin_id} if acts else {}


def _reacted(message: Message, user_id: int, emoji: str, *, on: bool) -> dict[str, object]:
    _require_present(message)
    users = message.reactions.get(emoji, [])
    if (user_id in users) == on:
        return {}
    if not users and len(message.reactions) >= MAX_EMOJI:
        raise Conflict(f"A message can have {MAX_EMOJI} different reactions.", reason="emoji_full", count=MAX_EMOJI)
    users = [*users, user_id] if on else [other for other in users if other != user_id]
    reactions = {**message.reactions, emoji: users}
    return {"reactions": {emoji: users for emoji, users in reactions.items() if users}}


def _require_present(message: Message) -> None:
    if message.deleted_at is not None:
        raise Conflict("This message was deleted.", reason="message_deleted")
