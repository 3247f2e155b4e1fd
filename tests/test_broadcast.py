"""Who is behind a connection, by python-socketio's own books."""

from __future__ import annotations

import asyncio

from galaxy_communication.broadcast import Broadcast
from galaxy_communication.events import NAMESPACE
from galaxy_communication.sockets import make_server


def test_who_left_on_the_doorstep_is_forgotten() -> None:
    """A socket that was closed while the server still looked up who it is: python-socketio tells nobody of it."""

    async def run() -> None:
        server = make_server()
        broadcast = Broadcast(server)
        gone = await server.manager.pre_connect("closed-socket", NAMESPACE)
        there = await server.manager.pre_connect("open-socket", NAMESPACE)
        for sid in (gone, there):
            await server.manager.connect(sid, NAMESPACE)
            await broadcast.subscribe(sid, "room:1")
        server.eio.sockets["open-socket"] = object()

        assert await broadcast.forget_if_gone(gone)
        assert not await broadcast.forget_if_gone(there)
        assert [sid for sid, _ in server.manager.get_participants(NAMESPACE, "room:1")] == [there]
        await broadcast.subscribe(gone, "room:2")  # somebody still holds its name
        assert await broadcast.forget_if_gone(gone)

    asyncio.run(run())
