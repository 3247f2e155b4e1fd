"""Our tables on both databases, without a Galaxy: fixtures, and the least that it takes to store a message."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from galaxy_communication import changes, room_queries, rooms
from galaxy_communication.commands import Command, Send, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError
from galaxy_communication.filter_store import WordFilters
from galaxy_communication.identity import Identity
from galaxy_communication.views import Views

ADA, BEN = Identity(1, "ada", False), Identity(2, "ben", False)
USERS = {"ada": 1, "ben": 2, "eve": 3}
VIEWS = Views(str, lambda user_ids: dict.fromkeys(user_ids))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        # As Galaxy names its own; the option is for Galaxy's engine, and ours must not mind it.
        return f"sqlite:///{tmp_path}/universe.sqlite?isolation_level=IMMEDIATE"
    return str(request.getfixturevalue("postgresql_database"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, ["NGS"]))
    yield database
    database.close()


@pytest.fixture
def lobby(database: Database) -> int:
    return join_lobby(database)


def join_lobby(database: Database) -> int:
    """Ada and Ben are in it then."""

    def join(session: Session) -> int:
        room = room_queries.lobby(session)
        for person in (ADA, BEN):
            room_queries.add_membership(session, room.id, person.user_id)
        return room.id

    return database.write_now(join)


def stored(database: Database, *batch: Command, filters: WordFilters | None = None) -> list[Stored | ChatError]:
    def users_named(names: Collection[str]) -> dict[str, int]:
        return {name: USERS[name] for name in USERS.keys() & names}

    return changes.commit(database, VIEWS, users_named, filters or WordFilters(), batch)


def command(room_id: int, client_id: str, author: Identity = ADA, body: str = "text", reply: int | None = None) -> Send:
    return Send(author, room_id, body, client_id, reply)
