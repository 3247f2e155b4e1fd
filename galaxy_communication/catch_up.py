"""Sends the members here what other processes have stored, from the database, in the order of its numbers.

A room's members are sent what their own process stores at once, as long as it continues what they were sent before.
Where it does not, another process was in between: what is missing is read, what is already there is left out.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from . import queries, room_queries, schemas, views
from .broadcast import Broadcast
from .database import Database
from .errors import ChatError
from .models import Message
from .presence import Connections
from .views import Views

log = logging.getLogger(__name__)

#: Changes of one room that are read at a time.
MAX_EVENTS = 200
#: Readers who are further behind are sent the newest of it, and ask for the rest.
MAX_BEHIND = 1000


@dataclass(frozen=True)
class Missed:
    """What changed in a room after a number up to its head, each message once."""

    after: int
    head: int
    rows: list[Message]
    is_part: bool
    """There is more behind it."""


class CatchUp:
    """Lives on the event loop. `Broadcast.told` says what the members here were sent."""

    def __init__(self, database: Database, views: Views, broadcast: Broadcast, connections: Connections) -> None:
        self._database = database
        self._views = views
        self._broadcast = broadcast
        self._connections = connections
        self._heads: dict[int, int] = {}
        """By room that somebody here is in: the newest number that was heard of."""
        self._begun: dict[int, int] = {}
        """By room of which only a part is sent yet: the number after which it began."""
        self._running: asyncio.Task[None] | None = None
        self.recovered = 0
        """Changes that were sent in this way."""

    def heard(self, heads: Iterable[tuple[int, int]]) -> None:
        """Rooms have changed, up to these numbers. Who comes right now is told after `wake`."""
        for room_id, head in heads:
            if self._connections.has_room(room_id):
                self._heads[room_id] = max(head, self._heads.get(room_id, 0))
        self.wake()

    def wake(self) -> None:
        if self._running is None and self._late():
            self._running = asyncio.get_running_loop().create_task(self._run())

    def forget(self, room_ids: Iterable[int]) -> None:
        """Nobody here listens to them any more."""
        for room_id in room_ids:
            self._heads.pop(room_id, None)

    def _late(self) -> dict[int, int]:
        """By room: the number up to which its members were sent everything, where there is more."""
        told = self._broadcast.told
        for room_id in [room_id for room_id, head in self._heads.items() if told.get(room_id, -1) >= head]:
            del self._heads[room_id]
        return {room_id: told[room_id] for room_id in self._heads if room_id in told}

    async def _run(self) -> None:
        try:
            while late := self._late():
                await self._send(late)
        except ChatError as error:  # the database is busy: the next hint or round
            log.warning("communication: what others have stored comes late: %s", error.message)
        except Exception:
            log.exception("communication: what others have stored could not be sent")
            self._heads.clear()
        finally:
            self._running = None
            self._begun.clear()

    async def _send(self, late: Mapping[int, int]) -> None:
        wanted = dict(self._heads)

        def read(session: Session) -> dict[int, Missed]:
            heads = room_queries.head_seqs(session, late.keys())
            return {room_id: _missed(session, room_id, late[room_id], head) for room_id, (head, _) in heads.items()}

        def present(found: dict[int, Missed]) -> tuple[dict[int, Missed], Iterator[schemas.Message]]:
            return found, iter(self._views.messages([row for missed in found.values() for row in missed.rows]))

        found, messages = await self._database.read_then(read, present)
        for room_id, missed in found.items():
            self._tell(room_id, missed, [next(messages) for _ in missed.rows])
        for room_id in late:
            is_done = room_id not in found or not found[room_id].is_part
            if is_done and self._heads.get(room_id) == wanted[room_id]:
                del self._heads[room_id]

    def _tell(self, room_id: int, missed: Missed, messages: list[schemas.Message]) -> None:
        told = self._broadcast.told
        if room_id not in told:  # nobody is left
            return
        applied = told[room_id] = max(told[room_id], missed.after)
        begun = self._begun.setdefault(room_id, applied)
        events = [views.event(message, begun) for message in messages if message.changed_seq > applied]
        if self._broadcast.room_events(room_id, self._views.encode_id(room_id), events, applied, missed.head):
            self.recovered += len(events)
        if not missed.is_part:
            del self._begun[room_id]


def _missed(session: Session, room_id: int, told: int, head: int) -> Missed:
    after = max(told, head - MAX_BEHIND)
    rows = queries.changed_since(session, room_id, after, MAX_EVENTS)
    is_part = len(rows) == MAX_EVENTS
    return Missed(after, rows[-1].changed_seq if is_part else head, rows, is_part)
