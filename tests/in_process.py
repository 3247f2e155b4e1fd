"""The chat as it is put together in a Galaxy, in this process: REST and sockets reach it without a network, and what it
asks the databases can be counted. Galaxy itself is the double of `tests.galaxys_tables`."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import socketio
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.testclient import TestClient, WebSocketTestSession

with warnings.catch_warnings():  # what Galaxy imports is not all of today
    warnings.simplefilter("ignore")
    from galaxy_communication import events, long_polling, plugin, rooms, sockets, watch
    from galaxy_communication.chat import Chat

from tests.galaxy_server import COOKIE
from tests.galaxys_tables import GalaxyApp
from tests.people import Refused

API = "/api/communication"
SOCKET = "/communication/socket.io"


class HandWatch(watch.Watch):
    """Its rounds come when a test calls for one, and not between what the test counts."""

    def wake(self) -> None:
        pass


def application(galaxy: GalaxyApp) -> tuple[FastAPI, Chat, HandWatch]:
    """REST and socket, and the parts behind them."""
    app = FastAPI()
    plugin.include_routes(app, galaxy)
    chat: Chat = app.state.communication
    server, hand_watch = app.state.communication_server, HandWatch(chat)
    server.register_namespace(sockets.ChatNamespace(chat, hand_watch))
    app.mount(SOCKET, long_polling.Door(chat, socketio.ASGIApp(server, socketio_path="")))
    return app, chat, hand_watch


def outermost(app: FastAPI, chat: Chat) -> FastAPI:
    """For a real web server, as in a Galaxy."""
    app.add_middleware(plugin.Outermost, routes=[route for route in app.routes if isinstance(route, Mount)], chat=chat)
    return app


class Server:
    """Runs in a ``with`` block, on an event loop of its own."""

    def __init__(self, galaxy: GalaxyApp) -> None:
        self.galaxy = galaxy
        self._cookies: dict[int, str] = {}
        app, self.chat, self._watch = application(galaxy)
        self._client = TestClient(app)

    @contextmanager
    def running(self) -> Iterator[Server]:
        """On an empty database or one with our tables in it."""
        self.chat.database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, ["NGS"]))
        self.chat.failure = None
        with self._client:
            yield self
        plugin._stop(self.chat)

    def begin(self) -> None:
        """As a process does that serves: it finds out whether it can."""
        plugin._start(self.chat)

    def visitor(self, user_id: int) -> Visitor:
        """A user of Galaxy's, logged in."""
        if user_id not in self._cookies:
            self._cookies |= self.galaxy.log_in([user_id])
        return Visitor(self, self._client, f"{COOKIE}={self._cookies[user_id]}")

    def encode(self, number: int) -> str:
        return self.chat.host.encode_id(number)

    def ask_nothing(self) -> None:
        """A request that is answered without a look at anything: what the client itself takes."""
        assert self._client.get("/nothing").status_code == 404

    def watch_round(self) -> None:
        assert self._client.portal is not None
        self._client.portal.call(self._watch.round)


@dataclass(frozen=True)
class Visitor:
    server: Server
    client: TestClient
    cookie: str

    def __call__(self, method: str, path: str, body: object = None, **query: Any) -> Any:
        """What the REST interface answered."""
        response = self.request(method, path, params=query or None, json=body)
        assert response.is_success, (response.status_code, response.text)
        return response.json() if response.content else None

    def request(self, method: str, path: str, origin: str | None = None, **more: Any) -> Any:
        """The whole response."""
        return self.client.request(method, f"{API}/{path}", headers=self._headers(origin), **more)

    def get(self, path: str, **query: Any) -> Any:
        return self("GET", path, **query)

    @contextmanager
    def connected(self, origin: str | None = None) -> Iterator[Socket]:
        """Ends with the block. Raises `Refused`.

        :param origin: of the page that a browser would be showing.
        """
        url = f"{SOCKET}/?EIO=4&transport=websocket"
        headers = self._headers(origin) | {"Upgrade": "websocket"}  # the test client leaves it out
        with self.client.websocket_connect(url, headers=headers) as socket:
            yield Socket(socket)

    def _headers(self, origin: str | None) -> dict[str, str]:
        return {"Cookie": self.cookie} | ({"Origin": origin} if origin else {})

    def connect(self, origin: str | None = None) -> None:
        with self.connected(origin):
            pass


class Socket:
    """Engine.IO and Socket.IO spelled out, as clients of theirs want a network. There when the server is ready."""

    def __init__(self, socket: WebSocketTestSession) -> None:
        self._socket = socket
        self._calls = 0
        self._receive("0")
        self._send(f"40{events.NAMESPACE},")
        self._receive(f"40{events.NAMESPACE},")
        self.ready = self.next("ready")

    def call(self, event: str, payload: dict[str, Any]) -> Any:
        """The ack."""
        self._calls += 1
        self._send(f"42{events.NAMESPACE},{self._calls}{json.dumps([event, payload])}")
        (answer,) = json.loads(self._receive(f"43{events.NAMESPACE},{self._calls}["))
        return answer

    def next(self, event: str) -> Any:
        """What the server tells by it, from now on."""
        _, payload = json.loads(self._receive(f'42{events.NAMESPACE},["{event}"'))
        return payload

    def _send(self, packet: str) -> None:
        self._socket.send_text(packet)

    def _receive(self, prefix: str) -> str:
        """What comes after the namespace, in the first packet that begins so; others are passed over."""
        while not (packet := self._socket.receive_text()).startswith(prefix):
            if packet.startswith("44"):
                raise Refused(packet)
            if packet == "2":  # is anybody there?
                self._send("3")
        return packet.partition(",")[2].lstrip("0123456789")
