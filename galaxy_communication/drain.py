"""The end of a process that serves: what is under way is answered, and every connection is told when to come back.

uvicorn, also as gunicorn's worker, asks each of its connections to shut down when the process is to end: after SIGTERM,
on a reload, or when a worker has had its share of requests. That is the first word of it, and the only one that comes
before the WebSockets are closed; nothing else of ours hears of it, and Galaxy's `haltables` need not run at all. So our
connections, also those by which somebody polls, answer that call themselves, later: uvicorn waits for connections that
are still open. Under another server, or where uvicorn changes, nobody calls, and clients come back as after any loss.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import socketio
from starlette.types import Receive, Scope

from .backpressure import connection_of
from .broadcast import Broadcast
from .errors import Overloaded
from .events import CLOSED
from .presence import Connections
from .schemas import Closed

log = logging.getLogger(__name__)

#: Seconds for what is under way, and for all of it. gunicorn gives a worker thirty, its administrators perhaps fewer.
ANSWER_SECONDS = 2.0
DRAIN_SECONDS = 4.0
#: So many connections are told to come back in each second, and the last ones after so many seconds.
COMING_BACK = 100
MAX_SPREAD = 30.0
TICK = 0.02


class Drain:
    """Lives on the event loop."""

    def __init__(self, server: socketio.AsyncServer, connections: Connections, broadcast: Broadcast) -> None:
        self._server = server
        self._connections = connections
        self._broadcast = broadcast
        self._answering = 0
        self._quiet = asyncio.Event()
        self._quiet.set()
        self._protocols: list[Any] = []
        """Those that uvicorn has asked to shut down."""
        self._running: asyncio.Task[None] | None = None

    def hold(self, scope: Scope, receive: Receive) -> None:
        """Have this request's connection shut down when the drain is over, and not when uvicorn says so."""
        if (protocol := connection_of(scope, receive)) is not None:
            protocol.shutdown = partial(self._asked, protocol)

    def require_staying(self) -> None:
        if self._running is not None:
            raise Overloaded("This server process is about to end. Nothing was changed; try again.", retry_after=1)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Around what the drain has to wait for. Raises `Overloaded` where it has begun."""
        self.require_staying()
        self._answering += 1
        self._quiet.clear()
        try:
            yield
        finally:
            self._answering -= 1
            if not self._answering:
                self._quiet.set()

    def _asked(self, protocol: Any) -> None:
        self._protocols.append(protocol)
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        count = len(self._connections)
        try:
            await asyncio.wait_for(self._move(), DRAIN_SECONDS)
        except asyncio.TimeoutError:
            log.warning("communication: not all of %d connections were closed in time", count)
        except Exception:
            log.exception("communication: the connections could not be told that this process ends")
        else:
            log.info("communication: %d connections were told to come back", count)
        finally:
            await self._let_go()

    async def _move(self) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._quiet.wait(), ANSWER_SECONDS)
        connections = self._connections.all()
        spread = min(max(1.0, len(connections) / COMING_BACK), MAX_SPREAD)
        for connection in connections:
            error = Overloaded("The server restarts.", retry_after=round(random.uniform(0, spread), 2))
            self._broadcast.send(CLOSED, Closed(**error.described()), connection.sid)
        # To disconnect one costs python-socketio a look at all others, so with thousands only some of them may be
        # before the time is over; by then all have their appointment.
        for connection in connections:
            await self._broadcast.disconnect(connection.sid)
            await asyncio.sleep(0)
        while not all(map(_is_through, self._sessions())):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(TICK)

    async def _let_go(self) -> None:
        for protocol in self._protocols:
            if not protocol.transport.is_closing():
                type(protocol).shutdown(protocol)
        for session in self._sessions():
            if not session.upgraded:
                await session.close(wait=False)  # answers a poll, which uvicorn would wait for until the next ping

    def _sessions(self) -> list[Any]:
        return list(self._server.eio.sockets.values())


def _is_through(session: Any) -> bool:
    """Whether the client of this session of Engine.IO's has heard all: with a WebSocket, it has gone."""
    return bool(session.closed or (not session.upgraded and session.queue.empty()))
