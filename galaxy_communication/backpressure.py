"""A bound on what waits for each connection. Engine.IO itself queues without end for a client that does not read."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import socketio
from engineio.packet import Packet
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope

from .log_lines import line

log = logging.getLogger(__name__)

#: Bytes that may wait for one connection before the next frame; past it the connection ends, and `sync` gives its
#: client what it has missed. As much again may be on its way: Engine.IO takes all that waits at once.
MAX_UNSENT = 1_000_000
#: Past it nothing is sent that may be missed.
MAX_UNSENT_EPHEMERAL = 50_000


class Outgoing(asyncio.Queue[Packet | None]):
    """One connection's queue. ``unsent`` is in bytes: JSON comes escaped, so a character is one."""

    unsent = 0

    def _put(self, item: Packet | None) -> None:
        super()._put(item)
        self.unsent += _size(item)

    def _get(self) -> Packet | None:
        item = super()._get()
        self.unsent -= _size(item)
        return item

    def drop(self) -> None:
        while not self.empty():
            self.get_nowait()
            self.task_done()


def _size(item: Packet | None) -> int:
    return len(item.data) if item is not None and isinstance(item.data, str | bytes) else 0


class Backpressure:
    """Lives on the event loop. Puts itself between python-socketio and its Engine.IO server, before any connection.

    :param who: what the log calls the connection behind an Engine.IO session.
    """

    def __init__(self, server: socketio.AsyncServer, who: Callable[[str], dict[str, str]]) -> None:
        self._server = server
        self._who = who
        self._sockets: dict[str, Any] = server.eio.sockets
        self._send = server.eio.send_packet
        self._slow: set[str] = set()
        self._upgrades: dict[str, list[Any]] = {}
        """By session that began by polling: the WebSockets that came to carry it on, more than one only where a client
        wants to hide one."""
        self.sent = self.fell_behind = self.cut_off = 0
        server.eio.create_queue = Outgoing
        server.eio.send_packet = self._send_bounded

    def slow(self, namespace: str) -> list[str]:
        """The connections that are behind, and should be spared what they may miss."""
        self._slow = {eio_sid for eio_sid in self._slow if self._unsent(eio_sid) > MAX_UNSENT_EPHEMERAL}
        sids = (self._server.manager.sid_from_eio_sid(eio_sid, namespace) for eio_sid in self._slow)
        return [sid for sid in sids if sid is not None]

    def _unsent(self, eio_sid: str) -> int:
        """With what the web server holds: one of uvicorn's WebSocket implementations takes all it is given."""
        if (socket := self._sockets.get(eio_sid)) is None:
            return 0
        buffers = (int(protocol.transport.get_write_buffer_size()) for protocol in self._web_sockets(eio_sid))
        return int(socket.queue.unsent) + sum(buffers)

    async def _send_bounded(self, eio_sid: str, packet: Packet) -> None:
        unsent = self._unsent(eio_sid)
        if unsent > MAX_UNSENT:
            await self._cut_off(eio_sid, unsent)
            return
        if unsent > MAX_UNSENT_EPHEMERAL and eio_sid not in self._slow:
            self._slow.add(eio_sid)
            self.fell_behind += 1
        self.sent += 1
        await self._send(eio_sid, packet)

    async def _cut_off(self, eio_sid: str, unsent: int) -> None:
        """At once: a farewell would have to wait behind what the client does not read."""
        self.cut_off += 1
        log.warning(line("connection cut off, as it does not read", **self._who(eio_sid), bytes=unsent))
        socket, protocols = self._sockets[eio_sid], list(self._web_sockets(eio_sid))
        socket.queue.drop()
        await socket.close(wait=False, abort=True, reason=self._server.eio.reason.TRANSPORT_ERROR)
        for protocol in protocols:
            protocol.transport.abort()
            if writable := getattr(protocol, "writable", None):
                writable.set()  # with wsproto, who waits to send would wait for the lost connection for good

    @contextmanager
    def serving(self, scope: Scope, receive: Receive) -> Iterator[None]:
        """Around each request. Of a session that begins by polling Engine.IO keeps its first request for good, also
        when a WebSocket carries it on."""
        eio_sid = QueryParams(scope["query_string"]).get("sid") if scope["type"] == "websocket" else None
        protocol = connection_of(scope, receive)
        if eio_sid is None or protocol is None:
            yield
            return
        self._upgrades.setdefault(eio_sid, []).append(protocol)
        try:
            yield
        finally:
            self._upgrades[eio_sid].remove(protocol)
            if not self._upgrades[eio_sid]:
                del self._upgrades[eio_sid]

    def _web_sockets(self, eio_sid: str) -> list[Any]:
        """Not the connection of a polling request: a proxy sends those of many users through one."""
        environ = self._server.environ.get(eio_sid)
        if environ is None or environ["asgi.scope"]["type"] != "websocket":
            return self._upgrades.get(eio_sid, [])
        protocol = connection_of(environ["asgi.scope"], environ["asgi.receive"])
        return [protocol] if protocol is not None else []


def connection_of(scope: Scope, receive: Receive) -> Any:
    """The server's side of it, if that is uvicorn: ASGI has no way to end a WebSocket that does not read, and says
    nothing of the end of the process. Found by ``receive``, as Starlette wraps ``send``."""
    receiver = getattr(receive, "__self__", None)
    transport = getattr(receiver, "transport", None)
    if transport is None:
        return None
    return receiver if scope["type"] == "websocket" else transport.get_protocol()
