"""Clients that do not read, against a real uvicorn with each of its WebSocket implementations."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import socketio
import uvicorn
import websocket
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope, Send

from galaxy_communication.backpressure import MAX_UNSENT, MAX_UNSENT_EPHEMERAL
from galaxy_communication.broadcast import Broadcast
from galaxy_communication.events import CLOSED, NAMESPACE, PRESENCE, ServerEvent
from galaxy_communication.galaxy_process import HOST, free_port
from galaxy_communication.schemas import Closed
from galaxy_communication.sockets import make_server

DEADLINE_SECONDS = 20.0
FRAME = 100_000

AUDIENCE = "everybody"


class Door(socketio.AsyncNamespace):  # type: ignore[misc]  # python-socketio is untyped
    """Lets everybody in."""

    def __init__(self, broadcast: Broadcast) -> None:
        super().__init__(NAMESPACE)
        self._broadcast = broadcast
        self.ended: list[str] = []

    async def on_connect(self, sid: str, _environ: object, _auth: object = None) -> None:
        await self._broadcast.subscribe(sid, AUDIENCE)

    async def on_disconnect(self, sid: str, _reason: str = "") -> None:
        self.ended.append(sid)


class Served:
    """The chat's Socket.IO server in a thread; what touches it runs on its loop."""

    def __init__(self, implementation: str) -> None:
        self._ready = threading.Event()
        self._port = free_port()
        self._implementation = implementation
        self._clients: list[websocket.WebSocket] = []
        self._upgraded: dict[str, Any] = {}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(DEADLINE_SECONDS)

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.sockets = make_server()
        self.broadcast = Broadcast(self.sockets)
        self.door = Door(self.broadcast)
        self.sockets.register_namespace(self.door)
        self._inner = socketio.ASGIApp(self.sockets)
        config = uvicorn.Config(
            self._app, interface="asgi3", host=HOST, port=self._port, ws=self._implementation, log_level="warning"
        )
        self._server = uvicorn.Server(config)
        self.loop.call_soon(self._ready.set)
        await self._server.serve()
        await self.sockets.shutdown()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.broadcast.backpressure.serving(scope, receive):
            if scope["type"] == "websocket" and (sid := QueryParams(scope["query_string"]).get("sid")):
                self._upgraded[sid] = send
            await self._inner(scope, receive, send)

    def stop(self) -> None:
        for client in self._clients:
            client.shutdown()
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(DEADLINE_SECONDS)

    def connect(self, *, receive_buffer: int | None = None, upgrade: bool = False) -> websocket.WebSocket:
        """
        :param upgrade: whether it polls first.
        """
        client = websocket.WebSocket(
            sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)] if receive_buffer else None
        )
        self._clients.append(client)
        client.settimeout(DEADLINE_SECONDS)
        server = f"{HOST}:{self._port}/socket.io/?EIO=4&transport"
        self.wait_until(lambda: self._server.started)
        if upgrade:
            sid = json.loads(requests.get(f"http://{server}=polling", timeout=DEADLINE_SECONDS).text[1:])["sid"]
            client.connect(f"ws://{server}=websocket&sid={sid}")
            client.send("2probe")
            assert client.recv() == "3probe"
            client.send("5")
            assert client.recv() == "6"
        else:
            client.connect(f"ws://{server}=websocket")
            assert str(client.recv()).startswith("0")
        client.send(f"40{NAMESPACE},")
        assert str(client.recv()).startswith(f"40{NAMESPACE}")
        return client

    def say(self, event: ServerEvent, size: int) -> None:
        words = Closed(code="test", message="x" * size)
        self.loop.call_soon_threadsafe(self.broadcast.send, event, words, AUDIENCE)

    def unsent(self) -> list[int]:
        """Bytes that wait, by connection, in Engine.IO's queues and in uvicorn's buffers."""
        found = []
        for eio_sid, one in list(self.sockets.eio.sockets.items()):
            send = self._upgraded.get(eio_sid) or self.sockets.environ[eio_sid]["asgi.send"]
            found.append(one.queue.unsent + send.__self__.transport.get_write_buffer_size())
        return found

    def requests(self) -> int:
        """WebSockets that uvicorn still serves."""
        return sum("run_asgi" in str(task.get_coro()) for task in asyncio.all_tasks(self.loop))

    def wait_until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, (self.unsent(), self.door.ended, self.requests())
            time.sleep(0.01)


@pytest.fixture(params=["websockets", "websockets-sansio", "wsproto"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    server = Served(request.param)
    yield server
    server.stop()


# The implementation that Galaxy's workers use by default is one that its own project has given up.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("upgrade", [False, True], ids=["from the first", "upgraded"])
def test_who_does_not_read_is_cut_off_and_nobody_else_notices(served: Served, upgrade: bool) -> None:
    reader = served.connect()
    # Room for little in its own system, so that it fills up soon; the server's grows to some megabytes.
    sleeper = served.connect(receive_buffer=4096, upgrade=upgrade)
    frames = most = 0
    while not served.door.ended:
        frames += 1
        assert frames < 200, "20 MB wait for somebody who does not read"
        served.say(CLOSED, FRAME)
        assert FRAME < len(reader.recv()) < 2 * FRAME
        most = max(most, *served.unsent())
    assert MAX_UNSENT / 2 < most <= MAX_UNSENT + FRAME + 100
    served.wait_until(lambda: len(served.sockets.eio.sockets) == 1)
    served.wait_until(lambda: served.requests() == 1)
    with pytest.raises((ConnectionError, websocket.WebSocketException)):
        read_all(sleeper)
    served.say(CLOSED, 10)
    assert json.loads(reader.recv()[len(f"42{NAMESPACE},") :])[1]["message"] == "x" * 10
    assert len(served.door.ended) == 1
    assert not served.broadcast.backpressure._upgrades


def read_all(client: websocket.WebSocket) -> None:
    while client.recv():
        pass


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_who_is_behind_is_spared_what_may_be_missed(served: Served) -> None:
    reader = served.connect()
    sleeper = served.connect(receive_buffer=4096)
    frames = 0
    while max(served.unsent()) <= MAX_UNSENT_EPHEMERAL + FRAME:
        frames += 1
        assert frames < 200
        served.say(CLOSED, FRAME)
        reader.recv()
    behind = max(served.unsent())
    served.say(PRESENCE, FRAME)
    assert str(reader.recv()).startswith(f'42{NAMESPACE},["presence"')
    assert max(served.unsent()) <= behind
    assert not served.door.ended
    # It reads on, and is sent everything again.
    told = [sleeper.recv()[: len('42/chat,["closed"')] for _ in range(frames)]
    assert told == ['42/chat,["closed"'] * frames
    served.say(PRESENCE, FRAME)
    assert reader.recv() == sleeper.recv()
