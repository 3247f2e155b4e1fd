"""What is counted as unread, and that counting costs no more than its cap."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session

from galaxy_communication import people_queries, unread_queries
from galaxy_communication.commands import Delete, Stored
from galaxy_communication.database import Database
from galaxy_communication.models import EVERYBODY, Membership, Mention, now
from galaxy_communication.unread_queries import UNREAD_CAP, Unread
from tests.plans import fill
from tests.storage import ADA, BEN, command, stored

#: Has read nothing and written nothing.
READER = 10_000_000


def unread(database: Database, user_id: int, *others: int, heard: bool = False) -> dict[int, Unread]:
    users = {user_id, *others}
    found = database.read_now(lambda session: unread_queries.unread(session, users, heard=heard))
    return {room_id: counted for (room_id, user), counted in found.items() if user == user_id}


def large_room(database: Database, count: int, *, addressed: int, every: int) -> int:
    """`READER` is in it; ``addressed`` is so by every so manieth of its messages."""
    room_id = fill(database, count)
    rows = [{"user_id": addressed, "room_id": room_id, "seq": seq} for seq in range(every, count + 1, every)]

    def write(session: Session) -> None:
        session.add(Membership(room_id=room_id, user_id=READER))
        session.execute(insert(Mention), rows)

    database.write_now(write)
    return room_id


def test_it_is_counted_to_the_cap(database: Database) -> None:
    more = large_room(database, UNREAD_CAP + 50, addressed=READER, every=1)
    less = large_room(database, UNREAD_CAP - 1, addressed=EVERYBODY, every=3)
    assert unread(database, READER) == {more: Unread(UNREAD_CAP, UNREAD_CAP), less: Unread(UNREAD_CAP - 1, 333)}


def test_own_deleted_and_muted_peoples_messages_are_not_counted(database: Database, lobby: int) -> None:
    stored(database, command(lobby, "mine", body="@ada and me"))
    assert unread(database, ADA.user_id) == {lobby: Unread()}
    _, addressed = stored(database, command(lobby, "a", BEN), command(lobby, "b", BEN, "@ada"))
    assert unread(database, ADA.user_id) == {lobby: Unread(2, 1)}
    assert unread(database, ADA.user_id, BEN.user_id) == {lobby: Unread(2, 1)}, "asked for together with others"
    mute(database, on=True)
    assert unread(database, ADA.user_id) == unread(database, ADA.user_id, BEN.user_id) == {lobby: Unread()}
    mute(database, on=False)
    assert isinstance(addressed, Stored)
    stored(database, Delete(BEN, int(addressed.message.id)))
    assert unread(database, ADA.user_id) == {lobby: Unread(1, 0)}


def mute(database: Database, *, on: bool) -> None:
    """Ada Ben."""
    database.write_now(lambda session: people_queries.set_muted(session, ADA.user_id, BEN.user_id, on=on))


@pytest.mark.parametrize(
    ("wish", "is_heard"),
    [
        ({"notify": "mentions"}, True),
        ({"notify": "nothing"}, False),
        ({"muted_until": now() + timedelta(hours=1)}, False),
        ({"muted_until": now() - timedelta(hours=1)}, True),
    ],
    ids=["mentions", "nothing", "muted", "no longer muted"],
)
def test_what_one_does_not_want_to_hear_is_left_out(
    database: Database, lobby: int, wish: dict[str, object], is_heard: bool
) -> None:
    stored(database, command(lobby, "a", BEN))
    database.write_now(lambda session: session.execute(update(Membership).values(**wish)))
    assert unread(database, ADA.user_id, heard=True) == ({lobby: Unread(1)} if is_heard else {})
    assert unread(database, ADA.user_id) == {lobby: Unread(1)}, "it is there all the same"


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_it_costs_does_not_grow_with_what_is_unread(database: Database) -> None:
    """In steps of SQLite's virtual machine, without the statistics that nobody has it gather."""
    costs = []
    for count in (UNREAD_CAP + 50, 20 * UNREAD_CAP):
        large_room(database, count, addressed=READER, every=count // 50)
        database.write_now(lambda session: session.connection().exec_driver_sql("DELETE FROM sqlite_stat1"))
        costs.append(steps(database, lambda: unread(database, READER)))
    # The second time it is two rooms, of which the new one is twenty times as large as the other.
    assert costs[1] < 2.5 * costs[0], costs


def steps(database: Database, operation: Callable[[], object]) -> int:
    """In thousands."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    def watch(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(step, 1000)

    database.engine.dispose()  # statistics that are gone are remembered by who is connected
    event.listen(database.engine, "checkout", watch)
    try:
        operation()
    finally:
        event.remove(database.engine, "checkout", watch)
        database.engine.dispose()
    return taken
