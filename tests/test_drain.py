"""The end of a process for each kind of client, against a real uvicorn with each of its implementations."""

from __future__ import annotations

import itertools
import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import uvicorn
from sqlalchemy import create_engine

from galaxy_communication import drain, pulse, rooms
from galaxy_communication.errors import Overloaded
from galaxy_communication.galaxy_process import HOST, free_port
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import SOCKET, application, outermost
from tests.people import DEADLINE_SECONDS, Person, eventually

USER = 1

# The implementation that Galaxy's workers use by default is one that its own project has given up.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Served:
    """The chat behind uvicorn in a thread, in a process that knows that it serves alone."""

    def __init__(self, galaxy: GalaxyApp, implementation: str) -> None:
        app, self.chat, _ = application(galaxy)
        # What ends only with the next ping would not end in a test.
        app.state.communication_server.eio.ping_interval = 3600
        port = free_port()
        served = outermost(app, self.chat)
        config = uvicorn.Config(served, host=HOST, port=port, ws=implementation, log_level="warning")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._cookie = galaxy.log_in([USER])[USER]
        self.url = f"http://{HOST}:{port}"

    def start(self) -> None:
        self.chat.database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, []))
        self.chat.failure = None
        self.chat.pulse.start()
        self._thread.start()
        eventually(lambda: self.chat.pulse.alone and self._server.started)

    def person(self, *transports: str) -> Person:
        return Person(self.url, transports=transports).connect(cookie=self._cookie)

    def end(self) -> None:
        """As a signal does, and returns when it has been heard."""
        self._server.should_exit = True
        eventually(self._ends)

    def _ends(self) -> bool:
        try:
            self.chat.drain.require_staying()
        except Overloaded:
            return True
        return False

    def wait_until_ended(self) -> None:
        self._thread.join(DEADLINE_SECONDS)
        assert not self._thread.is_alive(), "uvicorn waits"

    def close(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(DEADLINE_SECONDS)
        self.chat.pulse.stop()
        self.chat.writer.close()
        self.chat.database.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "universe.sqlite"


@pytest.fixture
def served(request: pytest.FixtureRequest, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(drain, "ANSWER_SECONDS", DEADLINE_SECONDS)
    monkeypatch.setattr(drain, "DRAIN_SECONDS", DEADLINE_SECONDS)
    engine = create_engine(f"sqlite:///{file}")
    create_galaxys_tables(engine)
    make_galaxy_users(str(engine.url), 2)
    server = Served(GalaxyApp(engine), getattr(request, "param", "websockets"))
    server.start()
    yield server
    server.close()
    engine.dispose()


@pytest.mark.parametrize(
    ("transports", "served"),
    [
        (["polling"], "websockets"),
        *itertools.product((["websocket"], ["polling", "websocket"]), ("websockets", "websockets-sansio", "wsproto")),
    ],
    indirect=["served"],
    ids=lambda value: value if isinstance(value, str) else " to ".join(value),
)
def test_who_is_alone_is_answered_and_told_when_to_come_back(served: Served, file: Path, transports: list[str]) -> None:
    person = served.person(*transports)
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    payload = {"room_id": person.room()["id"], "text": "under way", "client_id": "1"}
    sent = person.later("message.send", payload)
    eventually(lambda: served.chat.drain._answering)
    served.end()
    database.close()
    assert sent()["ok"]
    closed = person.wait_for("closed")
    assert closed["code"] == "overloaded"
    assert 0 <= closed["retry_after"] <= 1
    assert person.ended.wait(DEADLINE_SECONDS)
    served.wait_until_ended()


def test_who_only_polls_is_let_go(served: Served) -> None:
    """Also who has not said hello yet, or goes on polling after the farewell."""
    url = f"{served.url}{SOCKET}/?EIO=4&transport=polling"
    with requests.Session() as session:
        sid = json.loads(session.get(url).text[1:])["sid"]
        answers: list[str] = []
        poll = threading.Thread(target=lambda: answers.append(session.get(f"{url}&sid={sid}").text))
        poll.start()
        served.end()
        poll.join(DEADLINE_SECONDS)
        assert answers == ["1"]
    served.wait_until_ended()
