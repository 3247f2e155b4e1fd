"""Our tables on both databases, without a Galaxy: fixtures, and the least that it takes to store a message."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from galaxy_communication import changes, room_queries, rooms
from galaxy_communication.commands import Command, Send, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError
from galaxy_communication.filter_store import WordFilters
from galaxy_communication.identity import Identity
from galaxy_communication.models import Base, Lease, Message, now
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


class Nobody:
    """A Galaxy that has deleted these users."""

    def __init__(self, *gone: int) -> None:
        self._gone = set(gone)

    def gone_users(self, user_ids: Collection[int]) -> set[int]:
        return self._gone & set(user_ids)


def sent(database: Database, *batch: Command) -> list[int]:
    """The messages' ids, which are as they are here."""
    return [int(outcome.message.id) for outcome in stored(database, *batch) if isinstance(outcome, Stored)]


def let_age(database: Database, message_ids: Collection[int], days: int) -> None:
    moment = now() - timedelta(days=days)
    statement = update(Message).where(Message.id.in_(message_ids)).values(created_at=moment)
    database.write_now(lambda session: session.execute(statement))


def end_leases(database: Database) -> None:
    """As if their time was over."""
    statement = update(Lease).values(until=now() - timedelta(seconds=1))
    database.write_now(lambda session: session.execute(statement))


def rows(database: Database, table: type[Base]) -> Sequence[Any]:
    """All that a table holds."""
    return database.read_now(lambda session: session.scalars(select(table)).all())
