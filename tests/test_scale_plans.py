"""In a Galaxy with many people, rooms and messages every read finds its way by an index: none goes through everybody,
or through all that was ever said. The plans are those of the statements that whole requests really make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from galaxy_communication import people_queries, room_queries
from galaxy_communication.models import PREFIX
from tests.crowd import BUSY, ORDINARY, Crowd
from tests.crowd_visits import FullGalaxy, administrators_reads, full_galaxy, reads
from tests.plans import plan
from tests.statements import explained, recorded

#: Enough that a database which plans by size has the choice.
CROWD = Crowd(people=20_000, rooms=2_000, messages=60_000)
#: Tables that grow with the people and what they say. Of rooms there are few, and reading all of one kind is no harm.
GROWING = rf"(?:{PREFIX}(?:person|membership|message|mention)|galaxy_user|user_preference)(?:_\d+)?\b"
#: SQLite names a table that it reads through, or one of which it takes all that are not deleted, and the like.
SQLITE_SCAN = re.compile(rf"SCAN {GROWING}|SEARCH {GROWING} USING .*INDEX \w+ \((?:purged|deleted|name)=\?\)")
POSTGRESQL_SCAN = re.compile(rf"Seq Scan on {GROWING}")
POSTGRESQL_INDEX = re.compile(rf"Index (?:Only )?Scan.* on {GROWING}")
#: The one exception: what many messages hold is looked for from the newest on, until there is a page of it.
NEWEST_FIRST = f"Index Scan Backward using pk_{PREFIX}message"


def scans(plans: str, *, newest_first: bool = False) -> list[str]:
    """The steps that read a growing table from end to end; an index without a condition is one, too."""
    lines = plans.splitlines()
    found = [line for line in lines if SQLITE_SCAN.search(line) or POSTGRESQL_SCAN.search(line)]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        expected = newest_first and NEWEST_FIRST in line
        if POSTGRESQL_INDEX.search(line) and "Index Cond" not in following and not expected:
            found.append(line)
    return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FullGalaxy]:
    """One for all tests here, which only read."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('crowd')}/universe.sqlite"
    else:
        url = request.getfixturevalue("make_postgresql_database")()
    with full_galaxy(url, CROWD) as galaxy:
        yield galaxy


def test_every_read_finds_its_way_by_an_index(full: FullGalaxy) -> None:
    for has_statistics in (True, False) if full.is_sqlite else (True,):
        if not has_statistics:
            full.forget_statistics()
        for exposed in (False, True):
            full.server.galaxy.config.expose_user_name = exposed
            for who in (BUSY, ORDINARY):
                full.server.visitor(who.user_id).connect()  # to have been here before
                for name, operation in reads(full, who).items():
                    found = plans_of(full, operation)
                    assert not scans(found, newest_first="search" in name), (
                        f"{name}, {who.username}, {exposed=}, {has_statistics=}:\n{found}"
                    )


def test_every_read_of_an_administrator_finds_its_way_by_an_index(full: FullGalaxy) -> None:
    full.server.galaxy.config.is_admin_user = lambda user: user.id == BUSY.user_id
    for name, operation in administrators_reads(full, BUSY).items():
        found = plans_of(full, operation)
        assert not scans(found), f"{name}:\n{found}"


def test_a_round_finds_its_way_by_an_index(full: FullGalaxy) -> None:
    with full.server.visitor(BUSY.user_id).connected(), full.server.visitor(ORDINARY.user_id).connected():
        found = plans_of(full, full.server.watch_round)
    assert "ix_user_preference_user_id" in found
    assert not scans(found), found


def test_whom_to_notify_is_found_by_an_index(full: FullGalaxy) -> None:
    def choose(session: Session) -> object:
        members = [row.user_id for row in room_queries.members(session, full.rooms.public, limit=50)]
        people_queries.bans(session, members)
        return people_queries.to_notify(session, full.rooms.public, 10**6, BUSY.user_id, members)

    found = plan(full.server.chat.database, choose)
    assert f"{PREFIX}person_mute" in found
    assert not scans(found), found


def test_the_check_would_see_a_scan(full: FullGalaxy) -> None:
    statements = (
        f"SELECT user_id FROM {PREFIX}person WHERE typing",
        f"SELECT seq FROM {PREFIX}message AS {PREFIX}message_1 WHERE client_id = 'c1'",
        "SELECT id FROM galaxy_user WHERE active AND lower(username) = 'ab.1'",
    )
    for statement in statements:
        found = plan(full.server.chat.database, lambda session, ask=statement: session.execute(text(ask)))  # type: ignore[misc]
        assert scans(found), found


def plans_of(full: FullGalaxy, operation: Callable[[], object]) -> str:
    """Of all statements, on our tables and on Galaxy's."""
    ours, galaxys = full.server.chat.database.engine, full.server.galaxy.engine
    with recorded(ours) as asked, recorded(galaxys) as asked_of_galaxy:
        operation()
    assert asked or asked_of_galaxy
    return f"{explained(ours, asked)}\n{explained(galaxys, asked_of_galaxy)}"
