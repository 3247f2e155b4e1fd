"""Pushes events to connected clients: the only caller of ``emit``.

Frames leave in the order in which they were handed over. Where too many wait, those that can be missed are dropped and
counted: the ephemeral ones, and messages, which the next round sends from the database. A client that reads too slowly
is spared the ephemeral events, and cut off in the end (`backpressure`).
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import socketio

from .backpressure import Backpressure
from .bus import Bus
from .events import NAMESPACE, PRESENCE, ROOM_EVENTS, SERVER_EVENTS, ServerEvent
from .schemas import PresenceChange, PresenceChanges, RoomEvent, RoomEvents, Wire

log = logging.getLogger(__name__)

#: Beyond, what can be missed is dropped. What cannot be is a few frames for each connection.
MAX_QUEUED = 10_000

Frame = tuple[ServerEvent, dict[str, Any], str, str | None]


def room_audience(room_id: int) -> str:
    return f"room:{room_id}"


def user_audience(user_id: int) -> str:
    return f"user:{user_id}"


class Broadcast:
    """Lives on the event loop. An audience is a Socket.IO room, or the ``sid`` of one connection.

    :param who: what the log calls the connection with this ``sid``.
    """

    def __init__(
        self,
        server: socketio.AsyncServer,
        bus: Bus | None = None,
        who: Callable[[str], dict[str, str]] = lambda sid: {},
    ) -> None:
        self._server = server
        self._bus = bus or Bus()
        self._bus.on("frame", self._heard)
        self.backpressure = Backpressure(
            server, lambda eio_sid: who(server.manager.sid_from_eio_sid(eio_sid, NAMESPACE) or "")
        )
        self._queue: deque[Frame | asyncio.Future[None]] = deque()
        """Also those who wait until all that was before them has left."""
        self._running: asyncio.Task[None] | None = None
        self.dropped = 0
        self.sent = dict.fromkeys(SERVER_EVENTS, 0)
        """By event: how often, each time to a whole audience."""
        self.told: dict[int, int] = {}
        """By room: the number up to which its members here were sent every change."""
        self.revisions: dict[int, int] = {}
        """By room: the revision of its name, topic and archive that its members here were last told."""

    def send(self, event: ServerEvent, payload: Wire, audience: str, *, but: str | None = None) -> bool:
        """Queue ``payload`` for everyone in ``audience`` except the connection ``but``, in this process.

        :returns: whether it was; always for what nothing makes up for.
        """
        return self._queue_up(event, payload.model_dump(mode="json"), audience, but)

    def everywhere(self, event: ServerEvent, payload: Wire, audience: str, *, but: str | None = None) -> None:
        """The same in all processes, for what stays true however late it comes, and may be missed."""
        self.send(event, payload, audience, but=but)
        self._bus.say("frame", event.name, payload, audience)

    def _heard(self, _worker: str, event: str, data: dict[str, Any], audience: str) -> None:
        self._queue_up(SERVER_EVENTS[event], data, audience, None)

    def _queue_up(self, event: ServerEvent, data: dict[str, Any], audience: str, but: str | None) -> bool:
        if len(self._queue) >= MAX_QUEUED and (event.ephemeral or event is ROOM_EVENTS):
            self.dropped += 1
            return False
        self._queue.append((event, data, audience, but))
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run())
        return True

    def room_events(self, room_id: int, encoded_id: str, events: list[RoomEvent], after: int, head: int) -> bool:
        """The changes of one room after a number up to another, in order, without those that its members here were sent
        before. Nothing is sent where something before them is missing: `catch_up` finds both.

        :returns: whether they count as told.
        """
        told = self.told.get(room_id)
        if told is not None:
            if after > told:
                return False
            after, events = told, [event for event in events if event.seq > told]
        if events:
            payload = RoomEvents(room_id=encoded_id, events=events, after_seq=after, head_seq=head)
            if not self.send(ROOM_EVENTS, payload, room_audience(room_id)):
                return False
        if told is not None:
            self.told[room_id] = max(told, head)
        return True

    def presence(self, room_id: int, changes: list[PresenceChange]) -> None:
        self.send(PRESENCE, PresenceChanges(changes=changes), room_audience(room_id))

    async def subscribe(self, sid: str, *audiences: str) -> None:
        with suppress(KeyError, ValueError):  # who has left in the meantime needs nothing
            for audience in audiences:
                await self._server.enter_room(sid, audience, namespace=NAMESPACE)

    async def unsubscribe(self, sid: str, audience: str) -> None:
        await self._server.leave_room(sid, audience, namespace=NAMESPACE)

    async def forget_if_gone(self, sid: str) -> bool:
        """Whether there is no socket behind ``sid`` any more.

        python-socketio says nothing of clients that leave while their connection is still being admitted, and would
        keep them for good.
        """
        manager = self._server.manager
        if manager.eio_sid_from_sid(sid, NAMESPACE) in self._server.eio.sockets:
            return False
        await manager.disconnect(sid, NAMESPACE, ignore_queue=True)
        return True

    async def disconnect(self, sid: str) -> None:
        """After what is queued for it: a connection hears why it ends before it ends."""
        if self._running is not None:
            before = asyncio.get_running_loop().create_future()
            self._queue.append(before)
            await before
        await self._server.disconnect(sid, namespace=NAMESPACE)

    async def _run(self) -> None:
        try:
            while self._queue:
                queued = self._queue.popleft()
                if not isinstance(queued, asyncio.Future):
                    await self._emit(*queued)
                elif not queued.done():
                    queued.set_result(None)
        finally:
            self._running = None

    async def _emit(self, event: ServerEvent, data: dict[str, Any], audience: str, but: str | None) -> None:
        try:
            skipped = [but, *(self.backpressure.slow(NAMESPACE) if event.ephemeral else ())]
            self.sent[event.name] += 1
            await self._server.emit(event.name, data, to=audience, skip_sid=skipped, namespace=NAMESPACE)
        except Exception:
            log.exception("communication: %s could not be sent", event.name)
