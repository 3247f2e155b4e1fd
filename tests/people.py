"""People with a socket: python-socketio's own client, and a record of what it was sent."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import pytest
import requests
import socketio

from tests.galaxy_server import COOKIE, GalaxyServer, TestUser, session_cookie

NAMESPACE = "/chat"
DEADLINE_SECONDS = 30.0

Event = tuple[str, dict[str, Any]]


class Refused(Exception):
    """The server did not let the connection in; the argument is what it said."""


class Person:
    """One connection. Records every event from the server; `wait_for` looks through them."""

    def __init__(self, url: str, *, origin: str | None = None, transports: tuple[str, ...] = ("websocket",)) -> None:
        """
        :param origin: of the page that a browser would be showing; clients that are no browsers have none.
        """
        scheme, _, rest = url.partition("://")
        host, _, prefix = rest.partition("/")
        self._url = f"{scheme}://{host}"
        self._path = f"{prefix}/communication/socket.io".lstrip("/")
        self._transports = list(transports)
        websocket = {"origin": origin} if origin else {"suppress_origin": True}
        self._client = socketio.Client(reconnection=False, websocket_extra_options=websocket)
        self._client.on("*", self._record, namespace=NAMESPACE)
        self._client.on("connect_error", self._refuse, namespace=NAMESPACE)
        self._client.on("disconnect", self._end, namespace=NAMESPACE)
        self._refusal: Any = None
        self._news = threading.Condition()
        self.events: list[Event] = []
        self.ended = threading.Event()

    def connect(self, *, cookie: str | None = None, api_key: str | None = None) -> Person:
        """Returns when the server is ready for this person. Raises `Refused`."""
        try:
            self._client.connect(
                self._url,
                headers={"Cookie": f"{COOKIE}={cookie}"} if cookie else {},
                auth={"api_key": api_key} if api_key else None,
                transports=self._transports,
                namespaces=[NAMESPACE],
                socketio_path=self._path,
                wait_timeout=DEADLINE_SECONDS,
            )
        except socketio.exceptions.ConnectionError as error:
            raise Refused(self._refusal) from error
        self.wait_for("ready")
        return self

    @property
    def ready(self) -> dict[str, Any]:
        return next(payload for name, payload in self.events if name == "ready")

    def room(self, name: str = "All Chats") -> dict[str, Any]:
        return cast("dict[str, Any]", next(room for room in self.ready["rooms"] if room["name"] == name))

    def call(self, event: object, *payload: object) -> dict[str, Any]:
        """Send an event and wait for its ack."""
        return self.later(event, *payload)()

    def later(self, event: object, *payload: object) -> Callable[[], dict[str, Any]]:
        """Send an event; what is returned waits for its ack."""
        answered = threading.Event()
        answers: list[Any] = []

        def answer(*values: Any) -> None:
            answers.extend(values)
            answered.set()

        self._client.emit(event, payload, namespace=NAMESPACE, callback=answer)

        def wait() -> dict[str, Any]:
            assert answered.wait(DEADLINE_SECONDS), f"no ack for {event}"
            return cast("dict[str, Any]", answers[0])

        return wait

    def send(self, room_id: str, text: str, client_id: str | None = None, **more: object) -> dict[str, Any]:
        """The stored message."""
        payload = {"room_id": room_id, "text": text, "client_id": client_id or next(client_ids), **more}
        answer = self.call("message.send", payload)
        assert answer["ok"], answer
        return cast("dict[str, Any]", answer["message"])

    def wait_for(self, name: str, where: Callable[[dict[str, Any]], bool] = lambda _: True) -> dict[str, Any]:
        """The first event of that name that fits, also if it came before."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        with self._news:
            while True:
                for event, payload in self.events:
                    if event == name and where(payload):
                        return payload
                left = deadline - time.monotonic()
                assert left > 0, f"no {name} among {self.events}"
                self._news.wait(left)

    def wait_for_message(self, message_id: str) -> dict[str, Any]:
        """The live event that brought this message."""

        def brings(payload: dict[str, Any]) -> bool:
            return any(event["message"]["id"] == message_id for event in payload["events"])

        events = self.wait_for("room.events", brings)["events"]
        return cast("dict[str, Any]", next(event for event in events if event["message"]["id"] == message_id))

    def wait_for_change(self, room_id: str, seq: int) -> dict[str, Any]:
        """The live event with this number."""

        def brings(payload: dict[str, Any]) -> bool:
            return payload["room_id"] == room_id and any(event["seq"] == seq for event in payload["events"])

        events = self.wait_for("room.events", brings)["events"]
        return cast("dict[str, Any]", next(event for event in events if event["seq"] == seq))

    def changes(self, room_id: str) -> list[dict[str, Any]]:
        """All changes of a room that came live, in the order in which they came."""
        frames = (payload for name, payload in self.events if name == "room.events" and payload["room_id"] == room_id)
        return [event for frame in frames for event in frame["events"]]

    def close(self) -> None:
        if self._client.transport() == "polling":  # whose last request the server answers with its next ping
            self._client.eio.disconnect(abort=True)
        else:
            self._client.disconnect()
        if socket := self._client.eio.ws:  # left open by the client when the server went first
            socket.shutdown()

    def _record(self, event: str, payload: dict[str, Any]) -> None:
        with self._news:
            self.events.append((event, payload))
            self._news.notify_all()

    def _refuse(self, data: Any) -> None:
        self._refusal = data

    def _end(self, _reason: str = "") -> None:
        self.ended.set()


T = TypeVar("T")


def eventually(ask: Callable[[], T], seconds: float = DEADLINE_SECONDS) -> T:
    """What ``ask`` answers as soon as there is something in it; for what only asking again can tell."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"still {answer!r}"
        time.sleep(0.1)
    return answer


client_ids = (f"test-{number}" for number in itertools.count())


class Api:
    """The REST interface as one user."""

    def __init__(self, url: str, *, key: str | None = None, session: requests.Session | None = None) -> None:
        self._base = f"{url}/api/communication"
        self._session = session or requests.Session()
        self._headers = {"x-api-key": key} if key else {}

    def __call__(self, method: str, path: str, json: object = None, **more: Any) -> requests.Response:
        headers = {**self._headers, **more.pop("headers", {})}
        return self._session.request(method, f"{self._base}/{path}", json=json, headers=headers, timeout=60, **more)

    def get(self, path: str, **parameters: object) -> Any:
        response = self("GET", path, params=parameters)
        assert response.status_code == 200, (response.status_code, response.text)
        return response.json()


class Meet:
    """Makes users of the shared Galaxy and connects them."""

    def __init__(self, galaxy: GalaxyServer) -> None:
        self.galaxy = galaxy
        self._people: list[Person] = []

    def user(self, name: str = "user", *, chat: bool = True) -> TestUser:
        return self.galaxy.create_user(name, chat=chat)

    def api(self, user: TestUser) -> Api:
        return Api(self.galaxy.url, key=user.api_key)

    def person(self, user: TestUser | None = None, **how: Any) -> Person:
        """Connected with the key of ``user``, or of a new one."""
        return self.connect(api_key=(user or self.user()).api_key, **how)

    def connect(self, *, cookie: str | None = None, api_key: str | None = None, **how: Any) -> Person:
        person = Person(self.galaxy.url, **how)
        self._people.append(person)
        return person.connect(cookie=cookie, api_key=api_key)

    def browser_session(self, user: TestUser) -> tuple[requests.Session, str]:
        """Logged in through Galaxy's form: the session and its cookie."""
        session = self.galaxy.login(user)
        return session, session_cookie(session)

    def part(self) -> None:
        for person in self._people:
            person.close()


@pytest.fixture
def meet(galaxy: GalaxyServer) -> Iterator[Meet]:
    meeting = Meet(galaxy)
    yield meeting
    meeting.part()
