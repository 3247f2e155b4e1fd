"""What Galaxy's log says of a connection, and what it never says: texts, keys and cookies."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from galaxy_communication.models import PREFIX
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import API, Server
from tests.people import Api, Meet, Refused, eventually

#: In everything that is said here; a statement that stores it fails.
MARK = "Xylograph"
FAILING = f"""
    CREATE TRIGGER fails BEFORE INSERT ON {PREFIX}message WHEN NEW.text LIKE '%{MARK} fails%'
    BEGIN SELECT RAISE(ABORT, 'made to fail'); END
"""
FAILING_NOTIFICATION = """
    CREATE TRIGGER fails BEFORE INSERT ON notification BEGIN SELECT RAISE(ABORT, 'made to fail'); END
"""


def test_all_of_one_connection_is_found_by_its_id_and_nothing_that_is_secret(meet: Meet) -> None:
    galaxy = meet.galaxy
    user = meet.user()
    session, cookie = meet.browser_session(user)
    before = galaxy.log.stat().st_size

    person = meet.connect(cookie=cookie)
    room = person.room()["id"]
    assert person.send(room, f"{MARK} is stored")["text"]
    for payload in ({"text": MARK * 900}, {"text": MARK, "wrong": MARK}, {"text": [MARK]}):
        assert not person.call("message.send", {"room_id": room, "client_id": MARK, **payload})["ok"]
    assert not person.call(MARK, {"text": MARK})["ok"]
    with closing(sqlite3.connect(galaxy.directory / "data" / "universe.sqlite", timeout=30)) as database:
        database.execute(FAILING)
        try:
            said = {"room_id": room, "text": f"{MARK} fails", "client_id": MARK}
            failed = person.call("message.send", said)
            assert failed["error"]["message"] == "The chat server could not store this."
            by_rest = Api(galaxy.url, key=user.api_key)("POST", f"rooms/{room}/messages", said | {"client_id": "2"})
            assert by_rest.status_code == 400
        finally:
            database.execute("DROP TRIGGER fails")
    with pytest.raises(Refused):
        meet.connect(api_key=f"{MARK}-key")
    with pytest.raises(Refused):
        meet.connect(cookie=f"{MARK}-cookie")
    meet.connect(api_key=user.api_key).close()
    galaxy.logout(session)
    assert person.wait_for("closed")["code"] == "not_authenticated"
    assert person.ended.wait(15)

    def lines(*parts: str) -> list[str]:
        with galaxy.log.open(errors="replace") as log:
            log.seek(before)
            return [line for line in log if all(part in line for part in parts)]

    eventually(lambda: len(lines("connection ended", f"user={user.id}")) == 2)
    (made, _) = lines("communication: connection made", f"user={user.id}")
    connection = next(word for word in made.split() if word.startswith("connection="))
    (closed,) = lines("communication: connection closed", connection, f"user={user.id}")
    assert "code=not_authenticated" in closed
    assert len(lines("communication: connection ended", connection)) == 1
    assert len(lines("communication: connection refused", "code=not_authenticated")) == 2
    assert len(lines("made to fail")) >= 2, "the failing ways were gone"
    assert " DEBUG " in galaxy.log.read_text(errors="replace"), "Galaxy logs all that it would say"
    secrets: list[Any] = [MARK, cookie, user.api_key, user.username]
    assert [secret for secret in secrets if lines(secret) != lines(secret, "/api/users")] == []


def test_an_error_of_ours_while_connecting_is_told_and_logged(meet: Meet) -> None:
    galaxy, user = meet.galaxy, meet.user()
    before = galaxy.log.stat().st_size
    unreadable = f"""
        INSERT INTO {PREFIX}sanction (user_id, kind, reason, actor_id, created_at)
        SELECT id, 'ban', '', 1, 'no moment' FROM galaxy_user WHERE username = '{user.username}'
    """
    with closing(sqlite3.connect(galaxy.directory / "data" / "universe.sqlite", timeout=30)) as database:
        with database:
            database.execute(unreadable)
        try:
            with pytest.raises(Refused, match="Something went wrong") as refused:
                meet.connect(api_key=user.api_key)
        finally:
            with database:
                database.execute(f"DELETE FROM {PREFIX}sanction WHERE created_at = 'no moment'")
    assert "retry_after" not in str(refused.value), "so that clients back off"
    meet.connect(api_key=user.api_key)
    with galaxy.log.open(errors="replace") as log:
        log.seek(before)
        said = log.read()
    assert said.count("communication: a connection failed") == 1
    assert "Traceback" in said


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_errors_of_galaxys_own_database_name_nothing_that_is_secret(
    url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Galaxy's engine would print the parameters of a statement that fails: keys, names, what is notified."""
    engine = create_engine(url, connect_args={"timeout": 0})
    create_galaxys_tables(engine)
    make_galaxy_users(url, 2)
    galaxy = GalaxyApp(engine, enable_notification_system=True, enable_celery_tasks=False)
    with (
        Server(galaxy).running() as server,
        closing(sqlite3.connect(tmp_path / "universe.sqlite", isolation_level=None)) as database,
    ):
        author, other = server.visitor(1), server.visitor(2)
        (lobby, *_) = author.get("rooms")
        name = other.get("hello")["user"]["username"]
        database.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Refused, match="The database is busy"):
            author.connect()
        for headers in ({"Cookie": author.cookie}, {"x-api-key": f"{MARK}-key"}):
            assert author.client.get(f"{API}/rooms", headers=headers).status_code == 503
        database.execute("ROLLBACK")
        database.execute(FAILING_NOTIFICATION)
        author("POST", f"rooms/{lobby['id']}/messages", {"text": f"@{name} {MARK}", "client_id": "1"})
        eventually(lambda: "nobody was notified" in caplog.text)
    secrets = [MARK, name, "0" * 20, author.cookie, "[parameters"]
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert caplog.text.count("did not answer: database is locked") == 3
    assert "IntegrityError: (sqlite3.IntegrityError) made to fail" in caplog.text, "with its traceback"
    engine.dispose()
