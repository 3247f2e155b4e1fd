"""What the chat counts, as Prometheus and statsd are told; without a Galaxy, on both databases."""

from __future__ import annotations

import socket
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import create_engine, update

from galaxy_communication import broadcast, people_queries, pulse, worker_queries
from galaxy_communication.metrics import Metrics
from galaxy_communication.models import Worker, now
from galaxy_communication.pulse import Pulse
from galaxy_communication.statsd import Statsd
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import Server
from tests.people import Refused, eventually

with warnings.catch_warnings():  # what Galaxy imports is not all of today
    warnings.simplefilter("ignore")
    from galaxy.web.statsd_client import VanillaGalaxyStatsdClient

ADMIN, USER = 1, 2
PREFIX = "galaxy_communication_"


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    engine = create_engine(url)
    create_galaxys_tables(engine)
    make_galaxy_users(url, 5)
    galaxy = GalaxyApp(engine, is_admin_user=lambda user: user.id == ADMIN, database_auto_migrate=False)
    with Server(galaxy).running() as running:
        yield running
    engine.dispose()


class Scrape:
    """What Prometheus makes of an answer."""

    def __init__(self, server: Server) -> None:
        response = server.visitor(ADMIN).request("GET", "admin/metrics")
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith("text/plain; version=")
        self.samples = [sample for family in text_string_to_metric_families(response.text) for sample in family.samples]
        self.workers = Counter(sample.labels["worker"] for sample in self.samples)

    def __call__(self, name: str, worker: str = "", **labels: str) -> float:
        """Of the workers whose name begins so, all together."""
        found = [
            sample.value
            for sample in self.samples
            if sample.name == PREFIX + name
            and sample.labels["worker"].startswith(worker)
            and {key: value for key, value in sample.labels.items() if key != "worker"} == labels
        ]
        return sum(found)


def test_what_happens_moves_the_figures(server: Server) -> None:
    user = server.visitor(USER)
    with user.connected() as connection:
        room = connection.ready["rooms"][0]["id"]
        for number in range(2):
            assert connection.call("message.send", {"room_id": room, "text": "x", "client_id": f"{number}"})["ok"]
        assert not connection.call("message.send", {"room_id": room})["ok"]
        assert not connection.call("made.up", {})["ok"]
        assert connection.call("sync", {"rooms": {room: 0}})["ok"]
        assert connection.call("sync", {"rooms": {room: 99}})["ok"]
        server.chat.failure = "it is off"
        with pytest.raises(Refused, match="44/chat"):
            user.connect()
        server.chat.failure = None
        assert user.request("GET", "admin/metrics").status_code == 403
        found = Scrape(server)
        assert (found("connections"), found("people"), found("connects_total")) == (1, 1, 1)
    assert found("connections_refused_total", code="disabled") == 1
    assert found("ack_seconds_count", event="message.send") == 3
    assert 0 < found("ack_seconds_sum", event="message.send") < 60
    assert found("ack_seconds_bucket", event="sync", le="+Inf") == 2
    assert found("ack_seconds_count", event="unknown") == 1, "a client's own words are no label"
    assert found("refusals_total", via="socket", code="invalid") == 2
    assert found("refusals_total", via="rest", code="forbidden") == 1
    assert found("sync_rooms_total", recovered="true") == found("sync_rooms_total", recovered="false") == 1
    assert (found("commit_commands_sum"), found("commit_failures_total")) == (2, 0)
    assert 1 <= found("commit_commands_count") == found("commit_seconds_count") <= 2
    assert (found("events_sent_total", event="ready"), found("events_sent_total", event="notice")) == (1, 0)
    assert found("events_sent_total", event="room.events") == found("commit_seconds_count")
    assert found("frames_sent_total") >= 8
    zero = [
        *("writer_queue_length", "events_dropped_total", "slow_readers_total", "connections_cut_off_total"),
        *("notifications_dropped_total", "caught_up_changes_total", "bus_lost_total"),
    ]
    named = Counter(sample.name.removeprefix(PREFIX) for sample in found.samples)
    assert {(found(name), named[name]) for name in zero} == {(0, 1)}
    assert not any(name.endswith("_created") for name in named)


def test_what_the_rounds_heal_is_counted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a part of the round that comes before it")

    with server.visitor(USER).connected() as connection:
        room = connection.ready["rooms"][0]["id"]
        server.watch_round()
        with monkeypatch.context() as crowded:
            crowded.setattr(broadcast, "MAX_QUEUED", 0)
            assert connection.call("message.send", {"room_id": room, "text": "x", "client_id": "1"})["ok"]
        assert Scrape(server)("events_dropped_total") >= 1, "who is there, too, if it was due just then"
        monkeypatch.setattr(people_queries, "silences", fails)
        server.watch_round()
        eventually(lambda: Scrape(server)("caught_up_changes_total") == 1)
        assert connection.next("room.events")["events"][0]["message"]["text"] == "x"


def test_whichever_process_is_asked_tells_of_all_that_live(server: Server) -> None:
    other = Metrics()
    other.connects.inc(7)
    row = Worker(name="b:2", started_at=now(), seen_at=now(), connections=0, online=0, queue=0, sent=0)
    row.metrics = other.page()
    silent = Worker(name="c:3", started_at=now(), seen_at=now(), connections=0, online=0, queue=0, sent=0)
    server.chat.database.write_now(lambda session: session.add_all([row, silent]))
    server.visitor(USER).connect()
    found = Scrape(server)
    own = server.chat.pulse.said().name
    assert set(found.workers) == {own, "b:2"}, "one of an earlier release says nothing of this"
    assert (found("connects_total", own), found("connects_total", "b:2")) == (1, 7)

    written = server.chat.database.read_now(worker_queries.pages)[own]
    assert "galaxy_communication_connects_total 1.0" in written, "the next to be asked must not tell less"
    assert len(server.chat.database.read_now(worker_queries.alive)) == 3

    gone = update(Worker).where(Worker.name == "b:2").values(seen_at=now() - timedelta(minutes=2))
    server.chat.database.write_now(lambda session: session.execute(gone))
    assert set(Scrape(server).workers) == {own}

    server.chat.failure = "it is off"
    assert set(Scrape(server).workers) == {own}
    assert server.visitor(USER).request("GET", "admin/metrics").status_code == 403


class Listener:
    """What a statsd is sent."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(15)

    def until(self, last: str) -> dict[str, list[str]]:
        """By path, the values; up to the datagram that begins so, which is the last one."""
        heard: dict[str, list[str]] = {}
        while last not in heard:
            path, _, value = self.socket.recv(4096).decode().rpartition(":")
            heard.setdefault(path, []).append(value)
        return heard

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.socket.close()


@pytest.fixture
def galaxy(listener: Listener) -> Iterator[Any]:
    """What our adapter gives of a Galaxy that has a statsd."""
    client = VanillaGalaxyStatsdClient("127.0.0.1", listener.port, "galaxy", False)
    yield SimpleNamespace(statsd=client, server_name="main.1")
    client.statsd_client.close()


def test_statsd_is_told_what_has_come_since_the_last_time(
    listener: Listener, galaxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "host.example")
    metrics = Metrics()
    statsd = Statsd(metrics, galaxy)
    metrics.read_gauge("connections", "…", lambda: 3)
    metrics.connects.inc(5)
    metrics.refused("rest", "not_found")
    metrics.acked("message.send", 0.025)
    metrics.timed(len)(["command", "command"])
    statsd.push()
    heard = listener.until("galaxy.communication.commit")
    assert heard["galaxy.communication.connections.host_example-main_1"] == ["3|g"]
    assert heard["galaxy.communication.connects"] == ["5.0|c"]
    assert heard["galaxy.communication.refusals.rest.not_found"] == ["1.0|c"]
    assert heard["galaxy.communication.ack.message_send"] == ["25.000000|ms"]
    assert heard["galaxy.communication.commit_commands_sum"] == ["2.0|c"]
    assert not any("bucket" in path or "created" in path for path in heard)

    metrics.connects.inc(2)
    metrics.timed(len)([])
    statsd.push()
    heard = listener.until("galaxy.communication.commit")
    assert heard["galaxy.communication.connects"] == ["2.0|c"]
    assert "galaxy.communication.refusals.rest.not_found" not in heard
    assert "galaxy.communication.ack.message_send" not in heard


def test_what_statsd_is_told_of_a_storm_is_bounded(listener: Listener, galaxy: Any) -> None:
    metrics = Metrics()
    for _ in range(10_000):
        metrics.acked("sync", 0.001)
    metrics.timed(len)([])
    Statsd(metrics, galaxy).push()
    heard = listener.until("galaxy.communication.commit")
    assert len(heard["galaxy.communication.ack.sync"]) == 99
    assert heard["galaxy.communication.ack_seconds_count.sync"] == ["10000.0|c"]


def test_each_beat_tells_statsd(
    server: Server, listener: Listener, galaxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the way that a Galaxy has it, after the beat and in the pulse's thread."""
    chat = server.chat
    timers = SimpleNamespace(galaxy_statsd_client=galaxy.statsd)
    monkeypatch.setattr(server.galaxy, "execution_timer_factory", timers, raising=False)
    server.visitor(USER).connect()
    chat.pulse.start()
    assert listener.until("galaxy.communication.connects")["galaxy.communication.connects"] == ["1.0|c"]
    eventually(lambda: chat.database.read_now(worker_queries.pages))
    chat.pulse.stop()


def test_a_statsd_that_fails_ends_no_pulse(
    server: Server, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)

    def fail() -> None:
        raise OSError("no buffer space")

    process = Pulse(server.chat.database, lambda: (0, 0, 0), has_bus=False, beaten=fail)
    process.start()
    eventually(lambda: caplog.text.count("no buffer space") > 1)
    process.stop()
