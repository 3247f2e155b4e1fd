"""The rounds: every few seconds, while anyone is connected, a few batched queries compare what is with what was told.

Galaxy announces neither a logout nor a deleted user, another process may have stored what this one has not heard of,
and a membership may have ended elsewhere. So nobody stays connected who should not, and what a push missed is sent.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from . import admission, arranging, groups, people_queries, room_queries, schemas, telling
from .chat import Chat
from .errors import ChatError
from .events import CLOSED
from .log_lines import line
from .presence import Connection

log = logging.getLogger(__name__)

ROUND_SECONDS = 3.0


class Watch:
    """Lives on the event loop. Runs from the first connection to the last."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._running: asyncio.Task[None] | None = None

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
        finally:
            self._running = None
            self._chat.broadcast.told.clear()
            self._chat.broadcast.revisions.clear()

    async def round(self) -> None:
        """Raises `errors.Overloaded` where the database does not answer."""
        for part in (self._sweep, self._dismiss, self._silence, self._rearrange, self._heal):
            try:
                await part()
            except ChatError:
                raise
            except Exception:
                log.exception("communication: a part of a round failed")

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
                await telling.silence_here(self._chat, user_id, silence)

    async def close(self, connection: Connection, error: ChatError) -> None:
        log.info(line("connection closed", **self._chat.logged(connection.sid), code=error.code, reason=error.reason))
        self._chat.broadcast.send(CLOSED, schemas.Closed(**error.described()), connection.sid)
        await self._chat.broadcast.disconnect(connection.sid)

    async def _rearrange(self) -> None:
        ready = [connection for connection in self._chat.connections.all() if connection.ready]
        await groups.reconcile(self._chat, {connection.identity.user_id for connection in ready})
        await arranging.rearrange(self._chat, ready)

    async def _heal(self) -> None:
        """Send what is stored and has not been sent: another process's, of which nothing was heard."""
        chat, rooms = self._chat, self._chat.connections.rooms()
        told = chat.broadcast.told
        if unheard := told.keys() - rooms:  # nobody here listens, so nobody here is behind
            for room_id in unheard:
                del told[room_id]
            chat.catch_up.forget(unheard)
        found = await chat.database.read(lambda session: room_queries.head_seqs(session, rooms))
        await self._retell({room_id: revision for room_id, (_, revision) in found.items()})
        for room_id, (head, _) in found.items():  # rooms that somebody here has just joined
            if chat.connections.has_room(room_id):
                told.setdefault(room_id, head)
        chat.catch_up.heard((room_id, head) for room_id, (head, _) in found.items())

    async def _retell(self, revisions: Mapping[int, int]) -> None:
        """What people set of a room was changed by another process."""
        told = self._chat.broadcast.revisions
        for room_id in told.keys() - revisions.keys():
            del told[room_id]
        for room_id, revision in revisions.items():
            if told.setdefault(room_id, revision) != revision:
                await telling.updated_here(self._chat, room_id)
