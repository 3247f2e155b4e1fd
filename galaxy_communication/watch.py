"""The rounds: every few seconds, while anyone is connected, three batched queries compare what is with what was told.

Galaxy announces neither a logout nor a deleted user, another process may have stored what this one has not heard of,
and a membership may have ended elsewhere. So nobody stays connected who should not, and what a push missed is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from sqlalchemy.orm import Session

from . import broadcast, queries, schemas, views
from .chat import Chat
from .errors import ChatError
from .events import CLOSED, ROOM_REMOVED
from .models import Message
from .presence import Connection

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
                    await self._sweep()
                    await self._dismiss()
                    await self._rearrange()
                    await self._heal()
                except ChatError as error:  # the database is busy: next round
                    log.warning("communication: a round was left out: %s", error.message)
                except Exception:
                    log.exception("communication: a round failed")
        finally:
            self._running = None
            self._heads.clear()
            self._chat.broadcast.told.clear()

    async def _sweep(self) -> None:
        for connection in self._chat.connections.all():
            if await self._chat.broadcast.forget_if_gone(connection.sid):
                self._chat.connections.remove(connection.sid)

    async def _dismiss(self) -> None:
        """Close the connections of those whose Galaxy session, account or preference has ended."""
        identities = {connection.identity for connection in self._chat.connections.all()}
        gone = await self._chat.database.in_thread(lambda: self._chat.host.no_longer_welcome(identities))
        for connection in self._chat.connections.all():
            if error := gone.get(connection.identity):
                await self.close(connection, error)

    async def close(self, connection: Connection, error: ChatError) -> None:
        self._chat.broadcast.send(CLOSED, schemas.Closed(code=error.code, message=error.message), connection.sid)
        await self._chat.broadcast.disconnect(connection.sid)

    async def _rearrange(self) -> None:
        """Send each connection the rooms its user is in now: joined or left elsewhere, or removed."""
        users = {connection.identity.user_id for connection in self._chat.connections.all()}
        joined = await self._chat.database.read(lambda session: queries.joined_rooms(session, users))
        for connection in self._chat.connections.all():
            now = joined.get(connection.identity.user_id)
            if now is None:  # came after the query
                continue
            for room_id in now - connection.room_ids:
                await self._chat.broadcast.subscribe(connection.sid, broadcast.room_audience(room_id))
            for room_id in connection.room_ids - now:
                await self._chat.broadcast.unsubscribe(connection.sid, broadcast.room_audience(room_id))
                removed = schemas.RoomRemoved(
                    room_id=self._chat.host.encode_id(room_id), reason=schemas.RoomRemovedReason.REMOVED
                )
                self._chat.broadcast.send(ROOM_REMOVED, removed, connection.sid)
            connection.room_ids = now

    async def _heal(self) -> None:
        """Send what was already stored a round ago and has not been sent since: by another process, or lost."""
        rooms = {room_id for connection in self._chat.connections.all() for room_id in connection.room_ids}
        told = self._chat.broadcast.told
        for room_id in told.keys() - rooms:  # nobody here listens, so nobody here is behind
            del told[room_id]
        late = {
            room_id: (told[room_id], head) for room_id, head in self._heads.items() if told.get(room_id, head) < head
        }
        self._heads, missed = await self._chat.database.read_then(
            lambda session: (queries.head_seqs(session, rooms), self._missed(session, late)),
            lambda found: (found[0], {room_id: self._chat.views.messages(rows) for room_id, rows in found[1].items()}),
        )
        for room_id, messages in missed.items():
            applied, head = late[room_id]
            if events := [views.event(message, applied) for message in messages]:
                self._chat.broadcast.room_events(room_id, self._chat.host.encode_id(room_id), events)
            told[room_id] = max(head, told.get(room_id, head))
        for room_id, head in self._heads.items():  # rooms that somebody here has just joined
            told.setdefault(room_id, head)

    def _missed(self, session: Session, late: Mapping[int, tuple[int, int]]) -> dict[int, list[Message]]:
        """By room: the messages that changed after the first and up to the second number."""
        return {
            room_id: [
                row for row in queries.changed_since(session, room_id, told, MAX_EVENTS) if row.changed_seq <= head
            ]
            for room_id, (told, head) in late.items()
        }
