"""The rounds: every few seconds, while anyone is connected, a few batched queries compare what is with what was told.

Galaxy announces neither a logout nor a deleted user, another process may have stored what this one has not heard of,
and a membership may have ended elsewhere. So nobody stays connected who should not, and what a push missed is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session

from . import admission, groups, people_queries, queries, room_queries, schemas, telling, views
from .chat import Chat
from .errors import ChatError
from .events import CLOSED
from .models import Message
from .presence import Connection
from .schemas import RoomRemovedReason

log = logging.getLogger(__name__)

ROUND_SECONDS = 3.0
#: Changes of one room that are sent in one round; readers who miss more ask for them.
MAX_EVENTS = 200


class Watch:
    """Lives on the event loop. Runs from the first connection to the last."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._running: asyncio.Task[None] | None = None
        self._heads: dict[int, int] = {}
        """By room: its newest change at the last round."""

    def wake(self) -> None:
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            while len(self._chat.connections):
                await asyncio.sleep(ROUND_SECONDS)
                try:
                    await self.round()
                except ChatError as error:  # the database is busy: next round
                    log.warning("communication: a round was left out: %s", error.message)
                except Exception:
                    log.exception("communication: a round failed")
        finally:
            self._running = None
            self._heads.clear()
            self._chat.broadcast.told.clear()
            self._chat.broadcast.revisions.clear()

    async def round(self) -> None:
        await self._sweep()
        await self._dismiss()
        await self._silence()
        await self._rearrange()
        await self._heal()

    async def _sweep(self) -> None:
        for connection in self._chat.connections.all():
            if await self._chat.broadcast.forget_if_gone(connection.sid):
                self._chat.connections.remove(connection.sid)

    async def _dismiss(self) -> None:
        """Close the connections of those whose Galaxy session, account or preference has ended, or who were banned."""
        identities = {connection.identity for connection in self._chat.connections.all()}
        gone = await self._chat.database.in_thread(lambda: admission.no_longer_admitted(self._chat, identities))
        for connection in self._chat.connections.all():
            if error := gone.get(connection.identity):
                await self.close(connection, error)

    async def _silence(self) -> None:
        """Tell those who were silenced by another process, and those whose silence is over."""
        told = {one.identity.user_id: one.silence_id for one in self._chat.connections.all() if one.ready}
        silences = await self._chat.database.read(lambda session: people_queries.silences(session, told.keys()))
        for user_id, silence_id in told.items():
            silence = silences.get(user_id)
            if silence_id != (silence.id if silence is not None else None):
                await telling.silence(self._chat, user_id, silence)

    async def close(self, connection: Connection, error: ChatError) -> None:
        self._chat.broadcast.send(CLOSED, schemas.Closed(**error.described()), connection.sid)
        await self._chat.broadcast.disconnect(connection.sid)

    async def _rearrange(self) -> None:
        """Send each user the rooms they are in now: joined or left elsewhere, removed, or lost with a Galaxy group."""
        known = {connection: connection.room_ids for connection in self._chat.connections.all() if connection.ready}
        users = {connection.identity.user_id for connection in known}
        await groups.reconcile(self._chat, users)
        joined = await self._chat.database.read(lambda session: room_queries.joined_rooms(session, users))
        left = {room_id for one, before in known.items() for room_id in before - joined[one.identity.user_id]}
        gone = await self._chat.database.read(lambda session: room_queries.removed(session, left)) if left else set()
        for connection, before in known.items():
            if connection.room_ids is not before:  # joined or left since, or told with another of the user's
                continue
            user_id = connection.identity.user_id
            for room_id in joined[user_id] - before:
                await telling.entered(self._chat, room_id, {user_id})
                await telling.updated(self._chat, room_id, {user_id})
            for room_id in before - joined[user_id]:
                reason = RoomRemovedReason.DELETED if room_id in gone else RoomRemovedReason.REMOVED
                await telling.removed(self._chat, room_id, user_id, reason)

    async def _heal(self) -> None:
        """Send what was already stored a round ago and has not been sent since: by another process, or lost."""
        rooms = self._chat.connections.rooms()
        told = self._chat.broadcast.told
        for room_id in told.keys() - rooms:  # nobody here listens, so nobody here is behind
            del told[room_id]
        late = {
            room_id: (told[room_id], head) for room_id, head in self._heads.items() if told.get(room_id, head) < head
        }
        found, missed = await self._chat.database.read_then(
            lambda session: (room_queries.head_seqs(session, rooms), self._missed(session, late)),
            lambda found: (found[0], {room_id: self._chat.views.messages(rows) for room_id, rows in found[1].items()}),
        )
        self._heads = {room_id: head for room_id, (head, _) in found.items()}
        await self._retell({room_id: revision for room_id, (_, revision) in found.items()})
        for room_id, messages in missed.items():
            applied, head = late[room_id]
            if events := [views.event(message, applied) for message in messages]:
                self._chat.broadcast.room_events(room_id, self._chat.host.encode_id(room_id), events)
            told[room_id] = max(head, told.get(room_id, head))
        for room_id, head in self._heads.items():  # rooms that somebody here has just joined
            told.setdefault(room_id, head)

    async def _retell(self, revisions: Mapping[int, int]) -> None:
        """What people set of a room was changed by another process."""
        told = self._chat.broadcast.revisions
        for room_id in told.keys() - revisions.keys():
            del told[room_id]
        for room_id, revision in revisions.items():
            if told.setdefault(room_id, revision) != revision:
                await telling.updated(self._chat, room_id)

    def _missed(self, session: Session, late: Mapping[int, tuple[int, int]]) -> dict[int, list[Message]]:
        """By room: the messages that changed after the first and up to the second number."""
        return {
            room_id: [
                row for row in queries.changed_since(session, room_id, told, MAX_EVENTS) if row.changed_seq <= head
            ]
            for room_id, (told, head) in late.items()
        }
