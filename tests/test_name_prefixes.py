"""People are found by the beginning of their public name, in whatever language the database sorts."""

from __future__ import annotations

import secrets
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import create_engine, exc, insert, select, text
from sqlalchemy.orm import Session

from galaxy_communication import people_queries, room_queries
from galaxy_communication.database import Database
from galaxy_communication.models import Membership, Person
from tests.crowd import BUSY, ORDINARY, Crowd
from tests.crowd_visits import full_galaxy
from tests.galaxys_tables import GalaxyApp, HostPeople, User, create_galaxys_tables

NAMES = ["".join(letters) for size in (1, 2, 3) for letters in product("achtz09._-", repeat=size)]
PREFIXES = [name for name in NAMES if len(name) <= 2]
#: An Estonian ``z`` comes before the ``t``, and a Czech ``ch`` is one letter, after the ``h``.
LANGUAGES = ("en-US", "et-EE", "cs-CZ")


@pytest.fixture(params=["sqlite", "postgresql", *LANGUAGES])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/universe.sqlite"
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgresql_database"))
    return in_language(request.getfixturevalue("postgresql"), request.param)


def in_language(server: str, language: str) -> str:
    """The URL of an empty database that sorts like this."""
    name = f"test_{secrets.token_hex(4)}"
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            how = f"TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{language}'"
            connection.execute(text(f"CREATE DATABASE {name} {how}"))
    except exc.DBAPIError as error:
        pytest.skip(f"this PostgreSQL knows no other languages: {error.orig}")
    finally:
        engine.dispose()
    return f"{server}/{name}"


def test_all_who_have_come_are_found(database: Database) -> None:
    def arrive(session: Session) -> int:
        people = list(enumerate(NAMES, 1))
        session.execute(insert(Person), [{"user_id": number, "username": name} for number, name in people])
        room = room_queries.lobby(session)
        session.execute(insert(Membership), [{"room_id": room.id, "user_id": number} for number, _ in people])
        return room.id

    lobby = database.write_now(arrive)
    for prefix in PREFIXES:
        people = dict(sorted((name, number) for number, name in enumerate(NAMES, 1) if name.startswith(prefix)))

        def look(session: Session, prefix: str = prefix) -> tuple[list[int], set[int]]:
            members = room_queries.members(session, lobby, prefix=prefix, limit=len(NAMES))
            return list(people_queries.find(session, prefix, len(NAMES))), {member.user_id for member in members}

        assert database.read_now(look) == (list(people.values()), set(people.values())), prefix


def test_users_of_galaxys_are_found(url: str) -> None:
    """By Galaxy's own index, so where two letters are one, only by both of them."""
    engine = create_engine(url)
    create_galaxys_tables(engine)
    with Session(engine) as session:
        session.add_all(User(username=name, email=f"{name}@example.org", password="none") for name in NAMES)
        session.commit()
        names = {user_id: name for user_id, name in session.execute(select(User.id, User.username))}
    host = HostPeople(GalaxyApp(engine))
    for prefix in PREFIXES:
        found = {names[user_id] for user_id in host.users_by_name(prefix, 1000)}
        missing = {name for name in NAMES if name.startswith(prefix)} - found
        assert all(name.startswith(prefix) for name in found), prefix
        assert all(name.startswith(f"{prefix}h") and prefix.endswith("c") for name in missing), (prefix, missing)
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_in_a_galaxy_that_hides_its_users_those_in_the_lobby_are_found(url: str) -> None:
    with full_galaxy(url, Crowd(people=300, rooms=200, messages=2_000)) as full:
        members = f"rooms/{full.server.encode(full.rooms.lobby)}/members"
        one, two = full.server.visitor(BUSY.user_id), full.server.visitor(ORDINARY.user_id)
        with one.connected(), two.connected():
            assert [member["username"] for member in one.get(members)] == ["user-two", "user-one"]
            assert [member["username"] for member in one.get(members, query="User-T")] == ["user-two"]
            assert one.get(members, query="a") == []
