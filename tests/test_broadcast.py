"""What is sent, and to whom, by python-socketio's own books."""

from __future__ import annotations

import asyncio

import pytest

from galaxy_communication import broadcast
from galaxy_communication.broadcast import Broadcast
from galaxy_communication.events import CLOSED, NAMESPACE, NOTICE, ROOM_EVENTS, ROOM_UPDATED, TYPING
from galaxy_communication.schemas import Empty
from galaxy_communication.sockets import make_server
from tests.people import DEADLINE_SECONDS

NOTHING = Empty()


def test_who_left_on_the_doorstep_is_forgotten() -> None:
    """A socket that was closed while the server still looked up who it is: python-socketio tells nobody of it."""

    async def run() -> None:
        server = make_server()
        books = Broadcast(server)
        gone = await server.manager.pre_connect("closed-socket", NAMESPACE)
        there = await server.manager.pre_connect("open-socket", NAMESPACE)
        for sid in (gone, there):
            await server.manager.connect(sid, NAMESPACE)
            await books.subscribe(sid, "room:1")
        server.eio.sockets["open-socket"] = object()

        assert await books.forget_if_gone(gone)
        assert not await books.forget_if_gone(there)
        assert [sid for sid, _ in server.manager.get_participants(NAMESPACE, "room:1")] == [there]
        await books.subscribe(gone, "room:2")  # somebody still holds its name
        assert await books.forget_if_gone(gone)

    asyncio.run(run())


def test_who_is_sent_away_waits_for_what_was_queued_before_and_for_nothing_after() -> None:
    async def run() -> None:
        server = make_server()
        crowded = Broadcast(server)
        left: list[str] = []

        async def emit(name: str, *_: object, **__: object) -> None:
            left.append(name)
            crowded.send(NOTICE, NOTHING, "room:1")  # so there is always more
            await asyncio.sleep(0)

        server.emit = emit
        crowded.send(CLOSED, NOTHING, "somebody")
        await asyncio.wait_for(crowded.disconnect("somebody"), DEADLINE_SECONDS)
        assert left[0] == CLOSED.name

    asyncio.run(run())


def test_where_too_many_wait_only_what_comes_again_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast, "MAX_QUEUED", 0)

    async def run() -> None:
        crowded = Broadcast(make_server())
        assert crowded.send(CLOSED, NOTHING, "somebody")
        assert crowded.send(ROOM_UPDATED, NOTHING, "somebody")
        assert not crowded.send(TYPING, NOTHING, "room:1")
        assert not crowded.send(ROOM_EVENTS, NOTHING, "room:1")
        assert crowded.dropped == 2

    asyncio.run(run())
