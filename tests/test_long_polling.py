"""Which transports are offered and let in, and what clients without a socket are told; without a Galaxy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine

from galaxy_communication import long_polling, pulse
from galaxy_communication.pulse import Pulse
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import SOCKET, Server
from tests.people import eventually

USER, OTHER = 1, 2
HANDSHAKE = f"{SOCKET}/?EIO=4&transport=polling"


@pytest.fixture
def server(url: str, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Parameters are options of galaxy.yml."""
    engine = create_engine(url)
    create_galaxys_tables(engine)
    make_galaxy_users(url, 3)
    options = getattr(request, "param", {})
    galaxy = GalaxyApp(engine, is_admin_user=lambda user: False, database_auto_migrate=False, **options)
    with Server(galaxy).running() as running:
        yield running
    engine.dispose()


def test_only_a_process_that_serves_alone_polls(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    user = server.visitor(USER)

    def offered() -> Any:
        return user.get("status")["socket"]["transports"]

    def handshake() -> str:
        return str(user.client.get(HANDSHAKE, headers={"Cookie": user.cookie}).text)

    assert offered() == ["websocket"], "before a whole beat has gone it does not know"
    assert "use a WebSocket" in handshake()
    server.chat.pulse.start()
    eventually(lambda: offered() == ["websocket", "polling"])
    assert handshake().startswith('0{"sid":')
    other = Pulse(server.chat.database, lambda: (0, 0, 0), has_bus=True)
    other.start()
    eventually(lambda: offered() == ["websocket"])
    assert "use a WebSocket" in handshake()
    user.connect()
    eventually(lambda: other.number is not None and not other.alone)
    other.stop()
    eventually(lambda: offered() == ["websocket", "polling"])


@pytest.mark.parametrize("server", [{"communication_server_host": "http://chat.example.org"}], indirect=True)
def test_where_another_process_serves_its_word_counts(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(long_polling, "KEPT_SECONDS", 0.0)
    user = server.visitor(USER)
    begun: list[Pulse] = []

    def begin() -> Pulse:
        begun.append(Pulse(server.chat.database, lambda: (0, 0, 0), has_bus=True))
        begun[-1].start()
        return begun[-1]

    def offered() -> Any:
        return user.get("status")["socket"]["transports"]

    assert offered() == ["websocket"], "nobody has said anything"
    try:
        one = begin()
        eventually(lambda: offered() == ["websocket", "polling"])
        assert one.alone, "so it lets polling in"
        other = begin()
        eventually(lambda: offered() == ["websocket"])
        other.stop()
        monkeypatch.setattr(long_polling, "KEPT_SECONDS", 3600.0)
        eventually(lambda: offered() == ["websocket", "polling"])
    finally:
        for each in begun:
            each.stop()
    assert offered() == ["websocket", "polling"], "it is not asked each time"


def test_who_has_no_socket_is_told_the_same(server: Server) -> None:
    user, other = server.visitor(USER), server.visitor(OTHER)
    with other.connected() as socket:
        there = user.get("hello")
        with user.connected() as own:
            said = {**own.ready, "online": []}
            assert {**there, "online": []} == said
        assert socket.ready["user"] in there["online"]
        assert there["user"] not in there["online"], "nobody is seen for asking"
        (lobby, *_) = there["rooms"]
        sent = socket.call("message.send", {"room_id": lobby["id"], "text": "x", "client_id": "1"})
        applied = {"rooms": {lobby["id"]: lobby["head_seq"]}}
        found = user("POST", "sync", applied)["rooms"]
        assert [event["message"]["id"] for event in found[lobby["id"]]["events"]] == [sent["message"]["id"]]
        assert socket.call("sync", applied) == {"ok": True, "rooms": found}
