"""What the processes say of themselves, and what administrators are told of it; without a Galaxy, on both databases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import alembic.command
import pytest
from sqlalchemy import create_engine, update

from galaxy_communication import migrations, pulse, worker_queries
from galaxy_communication.database import Database
from galaxy_communication.models import Worker, now
from galaxy_communication.pulse import LastMinute, Pulse
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import Server
from tests.people import eventually

ADMIN, USER = 1, 2


def alive(database: Database) -> list[Worker]:
    return list(database.read_now(worker_queries.alive))


@contextmanager
def beating(database: Database, connections: int = 0) -> Iterator[Pulse]:
    """A process, from its first word to its last."""
    process = Pulse(database, lambda: (connections, 1, 0), has_bus=False)
    process.start()
    yield process
    process.stop()


def test_a_process_says_that_it_is_there_until_it_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    caplog.set_level(logging.WARNING)
    with beating(database, connections=3) as process:
        process.sent.add(7)
        (row,) = eventually(lambda: [worker for worker in alive(database) if worker.sent])
        assert (row.id, row.connections, row.online, row.sent) == (process.number, 3, 1, 7)
        assert row.started_at <= row.seen_at
        assert not caplog.records
        with beating(database) as other:
            eventually(lambda: len(alive(database)) == 2)
            eventually(lambda: [worker.id for worker in process.peers(alive(database))] == [other.number])
            eventually(lambda: any("no message bus joins them" in record.message for record in caplog.records))
        assert [worker.id for worker in alive(database)] == [process.number]
    assert alive(database) == []


def test_who_ends_without_a_word_is_forgotten(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    with beating(database) as process:
        eventually(lambda: alive(database))
        before = {"seen_at": now() - timedelta(seconds=30), "started_at": now() - timedelta(hours=1)}
        gone = Worker(name="gone:1", connections=5, online=5, queue=5, sent=5, **before)
        database.write_now(lambda session: session.add(gone))
        assert process.peers(alive(database)) == [], "this one may have taken its place"
        assert len(process.others(alive(database))) == 1
        long_ago = now() - worker_queries.LIFETIME
        database.write_now(lambda session: session.execute(update(Worker).values(seen_at=long_ago)))
        (back,) = eventually(lambda: alive(database))
        everybody = database.read_now(lambda session: session.query(Worker).all())
        assert [worker.id for worker in everybody] == [back.id], "also one that was silent for too long begins anew"
        assert process.number == back.id


def test_who_is_there_and_is_not_heard_is_noticed(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    heard: list[int | None] = [0]

    def process(hears: Callable[[], int | None] = lambda: None) -> Pulse:
        return Pulse(database, lambda: (0, 0, 0), has_bus=True, heard=hears)

    def beat(count: int | None, *beating: Pulse) -> int:
        """How many are missed by the one that hears so many."""
        heard[0] = count
        for one in beating:
            one.beat_and_tell()
        return here.roll_call.unheard

    here, there = process(lambda: heard[0]), process()
    assert [beat(0, there, here) for _ in range(5)] == [0, 0, 1, 1, 1]
    assert beat(1, there, here) == 0
    begun, over = [record.message for record in caplog.records]
    assert f"1 of the other processes that serve the chat ({here.said().name}) are not heard" in begun
    assert "heard on the message bus again" in over

    assert [beat(0, there, here), beat(0, here), beat(0, here)] == [0, 0, 0], "one that was killed after its beat"
    there, other = process(), process()
    assert [beat(0, there, other, here), beat(0, there, other, here)] == [0, 0], "those that have just begun"
    assert beat(2, there, other, here) == 0
    assert [beat(1, there, other, here), beat(0, other, here)] == [0, 0], "those that end one after the other"
    assert [beat(None, other, here), beat(None, other, here)] == [0, 0], "a silent bus has a warning of its own"
    assert [beat(0, other, here), beat(0, other, here)] == [0, 1]


def test_a_database_that_fails_is_one_warning_and_no_harm(
    database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(pulse, "BEAT_SECONDS", 0.05)
    with database.engine.execution_options(write=True).begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {Worker.__tablename__} RENAME TO away")
    with beating(database):
        eventually(lambda: caplog.records)
        with database.engine.execution_options(write=True).begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {Worker.__tablename__}")
        eventually(lambda: alive(database))
    (record,) = caplog.records
    assert "could not say that it is there" in record.message


def test_the_last_minute_slides() -> None:
    clock = [100.0]
    sent = LastMinute(lambda: clock[0])
    sent.add(2)
    sent.add(1)
    clock[0] += 59
    sent.add(4)
    assert sent.total() == 7
    clock[0] += 1
    assert sent.total() == 4
    clock[0] += 60
    assert sent.total() == 0


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    engine = create_engine(url)
    create_galaxys_tables(engine)
    make_galaxy_users(url, 40)
    galaxy = GalaxyApp(
        engine,
        is_admin_user=lambda user: user.id == ADMIN,
        database_auto_migrate=False,
        communication_message_bus="memory",
    )
    with Server(galaxy).running() as running:
        yield running
    engine.dispose()


def figures(server: Server) -> dict[str, Any]:
    found: dict[str, Any] = server.visitor(ADMIN).get("admin/figures")
    return found


def test_administrators_see_how_the_chat_is(server: Server) -> None:
    other = Worker(name="b:2", started_at=now(), seen_at=now(), connections=30, online=20, queue=600, sent=50)
    with server.visitor(USER).connected() as socket, server.visitor(USER).connected():
        room = socket.ready["rooms"][0]["id"]
        for number in range(3):
            sent = socket.call("message.send", {"room_id": room, "text": "x", "client_id": f"{number}"})
        socket.call("message.edit", {"message_id": sent["message"]["id"], "text": "y"})
        found = figures(server)
        counts = ("online", "connections", "messages_per_minute", "queue", "warnings")
        assert [found[name] for name in counts] == [1, 2, 3, 0, []]
        (this,) = found["workers"]
        assert (this["is_this"], this["connections"], this["queue"]) == (True, 2, 0)
        database = found["database"]
        assert (database["engine"], database["separate"]) == (server.galaxy.engine.dialect.name, False)
        assert (database["milliseconds"] > 0, found["bus"], found["galaxy_version"]) == (True, "memory", "26.1.1")

        server.chat.database.write_now(lambda session: session.add(other))
        found = figures(server)
    assert [found[name] for name in counts[:-1]] == [21, 32, 53, 600]
    assert [(worker["name"], worker["is_this"]) for worker in found["workers"]][1:] == [("b:2", False)]
    expected = {"workers_without_bus": {"count": 2}, "queue_long": {"count": 600}}
    if database["engine"] == "sqlite":
        expected["shared_sqlite"] = {"count": 32}
    assert {warning["reason"]: warning["values"] for warning in found["warnings"]} == expected


def test_an_administrator_is_told_of_a_migration_that_keeps_the_chat_off(server: Server) -> None:
    with server.chat.database.engine.execution_options(write=True).connect() as connection, connection.begin():
        alembic.command.downgrade(migrations.configuration(connection), "0009")
    server.begin()
    found = figures(server)
    (warning,) = found["warnings"]
    assert warning["reason"] == "pending_migration"
    assert "galaxy-communication migrate" in warning["values"]["why"]
    assert found["database"]["milliseconds"] is None
    assert server.visitor(USER).request("GET", "admin/figures").status_code == 403
    assert server.visitor(ADMIN).request("GET", "admin/rooms").json()["error"]["code"] == "disabled"

    with server.chat.database.engine.execution_options(write=True).connect() as connection, connection.begin():
        alembic.command.upgrade(migrations.configuration(connection), "head")
    server.begin()
    assert figures(server)["warnings"] == []
