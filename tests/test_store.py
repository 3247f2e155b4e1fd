"""What a transaction stores: numbers, idempotency, rooms, and the schema's upgrade. On both databases."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from functools import partial

import alembic.command
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, exc, inspect, text
from sqlalchemy.orm import Session

from galaxy_communication import (
    migrations,
    people_queries,
    queries,
    room_queries,
    rooms,
    search_queries,
    unread_queries,
)
from galaxy_communication.commands import Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import Archived, ChatError, Forbidden, NotFound
from galaxy_communication.identity import Identity
from galaxy_communication.models import PREFIX, Base, Message, PersonMute
from galaxy_communication.text import search_terms
from galaxy_communication.unread_queries import Unread
from tests.ending import at_the_first_try
from tests.storage import ADA, BEN, command, stored

pytestmark = at_the_first_try


def seqs(outcomes: Sequence[Stored | ChatError]) -> list[int]:
    assert all(isinstance(outcome, Stored) for outcome in outcomes), outcomes
    return [outcome.message.seq for outcome in outcomes if isinstance(outcome, Stored)]


def test_a_batch_takes_consecutive_numbers_per_room(database: Database, lobby: int) -> None:
    ngs = database.write_now(lambda session: room_queries.room_by_name_key(session, "ngs"))
    assert ngs is not None
    database.write_now(lambda session: room_queries.add_membership(session, ngs.id, ADA.user_id))
    assert seqs(stored(database, command(lobby, "a"), command(ngs.id, "a"), command(lobby, "b", BEN))) == [1, 1, 2]
    assert seqs(stored(database, command(lobby, "c"), command(ngs.id, "b"))) == [3, 2]
    heads = database.read_now(lambda session: room_queries.head_seqs(session, {lobby, ngs.id}))
    assert heads == {lobby: (3, 0), ngs.id: (2, 0)}


def test_a_refused_command_takes_no_number_and_spoils_no_batch(database: Database, lobby: int) -> None:
    stranger = Identity(3, "eve", False)
    outcomes = stored(
        database,
        command(lobby, "a"),
        command(lobby, "a", stranger),
        command(999, "a"),
        command(lobby, "r", reply=12345),
        command(lobby, "b"),
    )
    assert [type(outcome) for outcome in outcomes] == [Stored, Forbidden, NotFound, NotFound, Stored]
    assert seqs([outcomes[0], outcomes[-1]]) == [1, 2]


def test_a_client_id_is_stored_once_within_and_across_batches(database: Database, lobby: int) -> None:
    first, twin, other = stored(
        database, command(lobby, "same"), command(lobby, "same", body="twin"), command(lobby, "same", BEN)
    )
    assert isinstance(first, Stored)
    assert isinstance(twin, Stored)
    assert isinstance(other, Stored)
    assert twin.message == first.message
    assert (first.fresh, twin.fresh, other.fresh) == (True, False, True)
    assert other.message.id != first.message.id
    (again,) = stored(database, command(lobby, "same", body="later"))
    assert isinstance(again, Stored)
    assert (again.message, again.fresh) == (first.message, False)
    assert seqs(stored(database, command(lobby, "next"))) == [3]


def test_archived_rooms_take_nothing_but_give_back_what_was_sent(database: Database, lobby: int) -> None:
    (before,) = stored(database, command(lobby, "before"))

    def archive(session: Session) -> None:
        room_queries.set_archived(session, room_queries.lobby(session), archived=True)

    database.write_now(archive)
    (refused,) = stored(database, command(lobby, "after"))
    assert isinstance(refused, Archived)
    (again,) = stored(database, command(lobby, "before"))
    assert isinstance(again, Stored)
    assert isinstance(before, Stored)
    assert again.message == before.message


def test_writers_in_many_threads_leave_no_hole_and_no_double(database: Database, lobby: int) -> None:
    """As several processes would: each with transactions of its own, some of them sending the same client id."""
    errors: list[BaseException] = []

    def send(thread: int) -> None:
        try:
            for n in range(10):
                with_retry(partial(stored, database, command(lobby, f"{thread}-{n}"), command(lobby, f"shared-{n}")))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    rows = database.read_now(lambda session: queries.page_before(session, lobby, None, 200))
    assert [row.seq for row in rows] == list(range(50, 0, -1))
    assert len({(row.user_id, row.client_id) for row in rows}) == 50


def with_retry(attempt: Callable[[], object]) -> None:
    """The writer's own answer to a locked SQLite file."""
    for _ in range(20):
        try:
            attempt()
        except exc.OperationalError:
            continue
        return
    raise AssertionError("locked for too long")


def test_unread_counts_others_messages_above_the_pointer(database: Database, lobby: int) -> None:
    stored(database, command(lobby, "a", BEN), command(lobby, "b", BEN), command(lobby, "mine"))
    assert unread_of(database, ADA) == {lobby: Unread(2)}

    def read(session: Session) -> None:
        _, membership = room_queries.room_of(session, lobby, ADA.user_id)
        assert membership is not None
        room_queries.move_read_seq(session, membership, 1, backward=False)

    database.write_now(read)
    assert unread_of(database, ADA) == {lobby: Unread(1)}


def unread_of(database: Database, reader: Identity) -> dict[int, Unread]:
    found = database.read_now(lambda session: unread_queries.unread(session, {reader.user_id}))
    return {room_id: unread for (room_id, _), unread in found.items()}


def test_rooms_of_the_configuration_come_and_go_with_their_history(database: Database) -> None:
    def arrange(*names: str) -> dict[str, bool]:
        database.write_now(lambda session: rooms.arrange_configured(session, names))
        found = database.read_now(lambda session: room_queries.rooms_of_kind(session, "persistent"))
        return {room.name: room.archived_at is not None for room in found}

    assert arrange("NGS", "RNA-Seq") == {"NGS": False, "RNA-Seq": False}
    assert arrange("rna-seq") == {"NGS": True, "RNA-Seq": False}
    assert arrange("NGS") == {"NGS": False, "RNA-Seq": True}
    assert arrange("All chats", "NGS") == {"NGS": False, "RNA-Seq": True}, "the lobby's name is taken"

    def make(session: Session) -> None:
        room_queries.add_room(session, "persistent", "Imaging", name_key="imaging")

    database.write_now(make)
    assert arrange("NGS")["Imaging"] is False, "an administrator has made it"
    assert arrange("NGS", "imaging")["Imaging"] is False
    assert arrange("NGS")["Imaging"] is True, "it was galaxy.yml's, and is no more"


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        found = MigrationContext.configure(
            connection,
            opts={
                "version_table": migrations.VERSION_TABLE,
                "include_object": migrations.ours,
                "compare_type": True,
            },
        )
        assert compare_metadata(found, Base.metadata) == []


def test_an_older_schema_is_upgraded_with_what_is_in_it(url: str) -> None:
    database = Database(url)
    with database.engine.execution_options(write=True).connect() as connection, connection.begin():
        alembic.command.upgrade(migrations.configuration(connection), "0001")
        columns = "kind, name, topic, head_seq, member_count, slow_mode_seconds, created_at"
        connection.execute(
            text(
                f"INSERT INTO {PREFIX}room ({columns}) VALUES ('persistent', 'old', '', 1, 0, 0, '2026-01-01 00:00:00')"
            )
        )
        columns = "room_id, seq, changed_seq, user_id, client_id, text, reply_to_id, created_at"
        for values in ("1, 1, 1, 1, 'a', 'kept', NULL", "1, 2, 2, 1, 'b', 'answer', 1"):
            connection.execute(
                text(f"INSERT INTO {PREFIX}message ({columns}) VALUES ({values}, '2026-01-01 00:00:00')")
            )
        alembic.command.upgrade(migrations.configuration(connection), "0009")
        connection.execute(
            text(
                f"INSERT INTO {PREFIX}revision (message_id, text, replaced_at) VALUES (1, 'old', '2026-01-01 00:00:00')"
            )
        )
    with pytest.raises(migrations.SchemaError, match="galaxy-communication migrate"):
        database.upgrade(allowed=False, then=lambda _: None)
    database.upgrade(allowed=True, then=lambda _: None)
    (room,) = database.read_now(lambda session: room_queries.rooms_of_kind(session, "persistent"))
    assert room.configured
    answer, row = database.read_now(lambda session: queries.page_before(session, 1, None, 10))
    assert (row.text, row.reactions, answer.reply_to_id) == ("kept", {}, row.id)
    assert [old.text for old in database.read_now(lambda session: queries.revisions(session, row.id))] == ["old"]
    wanted = search_queries.Search(search_terms("kept"))
    assert [found.id for found in database.read_now(lambda session: search_queries.find(session, 1, wanted))] == [
        row.id
    ]
    with pytest.raises(exc.IntegrityError):
        database.write_now(lambda session: session.execute(delete(Message).where(Message.id == row.id)))
    database.close()


def test_people_who_were_there_before_the_sound_hear_none(url: str) -> None:
    database = Database(url)
    with database.engine.execution_options(write=True).connect() as connection, connection.begin():
        alembic.command.upgrade(migrations.configuration(connection), "0003")
        columns = "user_id, presence, typing, notifications"
        connection.execute(text(f"INSERT INTO {PREFIX}person ({columns}) VALUES (1, true, false, true)"))
    database.upgrade(allowed=True, then=lambda _: None)
    found = database.read_now(lambda session: people_queries.person(session, 1))
    assert found is not None
    assert (found.typing, found.sound) == (False, False)
    database.close()


def test_two_processes_may_start_at_once(url: str) -> None:
    databases = [Database(url) for _ in range(4)]
    errors: list[BaseException] = []

    def start(database: Database) -> None:
        try:
            database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, ["NGS", "RNA-Seq"]))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert len(databases[0].read_now(lambda session: room_queries.rooms_of_kind(session, "persistent"))) == 2
    for database in databases:
        database.close()


def test_a_schema_of_another_release_is_left_alone(database: Database) -> None:
    def pretend(session: Session) -> None:
        session.execute(text(f"UPDATE {migrations.VERSION_TABLE} SET version_num = 'from-the-future'"))

    database.write_now(pretend)
    with pytest.raises(migrations.SchemaError, match="from-the-future"):
        database.upgrade(allowed=True, then=lambda _: None)


def test_a_start_that_fails_leaves_nothing_behind(url: str) -> None:
    database = Database(url)

    def fail(_: Session) -> None:
        raise RuntimeError("boom")

    with pytest.raises(RuntimeError):
        database.upgrade(allowed=True, then=fail)
    assert inspect(database.engine).get_table_names() == []
    database.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_of_two_who_make_the_same_at_once_the_second_finds_it(database: Database) -> None:
    """SQLite lets nobody in who may write, and needs no care."""
    found = []

    def mute(session: Session) -> None:
        found.append(session.get(PersonMute, (1, 2)))
        if len(found) == 1:
            database.write_now(lambda other: people_queries.set_muted(other, 1, 2, on=True))
            session.add(PersonMute(user_id=1, muted_id=2))

    asyncio.run(database.write(mute))
    assert [one is not None for one in found] == [False, True]
