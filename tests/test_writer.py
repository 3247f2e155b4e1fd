"""The group-commit writer, storing real messages."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from galaxy_communication import queries, rooms
from galaxy_communication.commands import Command, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError, Invalid, Overloaded
from galaxy_communication.models import Message
from galaxy_communication.writer import MAX_QUEUED, Writer
from tests.ending import at_the_first_try
from tests.storage import command, join_lobby, stored

pytestmark = at_the_first_try


def test_the_writer_groups_what_arrives_and_acknowledges_after_the_commit(database: Database, lobby: int) -> None:
    sizes: list[int] = []
    published: list[str] = []

    def commit(batch: Sequence[Command]) -> Sequence[Stored | ChatError]:
        sizes.append(len(batch))
        return stored(database, *batch)

    async def run() -> list[Stored]:
        writer = Writer(commit, lambda batch: published.extend(one.message.client_id for one in batch))
        futures = [writer.submit(command(lobby, str(n))) for n in range(100)]
        first = await futures[0]
        assert isinstance(database.read_now(lambda session: session.get(Message, int(first.message.id))), Message)
        more = [writer.submit(command(lobby, f"more {n}")) for n in range(10)]
        outcomes = await asyncio.gather(*futures, *more)
        writer.close()
        return outcomes

    outcomes = asyncio.run(run())
    assert [outcome.message.seq for outcome in outcomes] == list(range(1, 111))
    assert published == [outcome.message.client_id for outcome in outcomes]
    assert len(sizes) <= 3


def test_one_bad_command_does_not_take_its_neighbours_along(database: Database, lobby: int) -> None:
    async def run() -> list[Stored | BaseException]:
        writer: Writer[Command, Stored] = Writer(lambda batch: stored(database, *batch), lambda _: None)
        texts = ["good", "\ud800", "good"]
        futures = [writer.submit(command(lobby, str(n), body=body)) for n, body in enumerate(texts)]
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        writer.close()
        return outcomes

    first, bad, last = asyncio.run(run())
    assert isinstance(bad, Invalid)
    assert isinstance(first, Stored)
    assert isinstance(last, Stored)
    assert (first.message.seq, last.message.seq) == (1, 2)


def test_what_cannot_be_stored_leaves_the_others_in_their_order(database: Database, lobby: int) -> None:
    batches: list[int] = []

    def commit(batch: Sequence[Command]) -> Sequence[Stored | ChatError]:
        batches.append(len(batch))
        if len(batches) == 3:  # while they are stored one by one, the database goes away for a moment
            raise OperationalError("stored one by one", None, Exception("gone"))
        return stored(database, *batch)

    async def run() -> list[Stored | BaseException]:
        writer: Writer[Command, Stored] = Writer(commit, lambda _: None)
        texts = ["a", "b", "\ud800", "c"]
        futures = [writer.submit(command(lobby, str(n), body=body)) for n, body in enumerate(texts)]
        await asyncio.sleep(0)  # the batch is under way
        futures.append(writer.submit(command(lobby, "late", body="d")))
        outcomes = await asyncio.gather(*futures, return_exceptions=True)
        writer.close()
        return outcomes

    outcomes = asyncio.run(run())
    assert [outcome.message.text for outcome in outcomes if isinstance(outcome, Stored)] == ["a", "b", "c", "d"]
    assert [outcome.message.seq for outcome in outcomes if isinstance(outcome, Stored)] == [1, 2, 3, 4]
    assert batches[0] == 4


def test_a_commit_whose_answer_is_lost_is_stored_once(database: Database, lobby: int) -> None:
    answers = iter([False, True])
    told: list[Stored] = []

    def commit(batch: Sequence[Command]) -> Sequence[Stored | ChatError]:
        outcomes = stored(database, *batch)
        if next(answers):
            return outcomes
        raise OperationalError("COMMIT", None, Exception("server closed the connection unexpectedly"))

    async def run() -> list[Stored]:
        writer: Writer[Command, Stored] = Writer(commit, told.extend)
        futures = [writer.submit(command(lobby, client_id)) for client_id in ("a", "b")]
        outcomes = await asyncio.gather(*futures)
        writer.close()
        return outcomes

    outcomes = asyncio.run(run())
    assert [outcome.message.seq for outcome in outcomes] == [1, 2]
    assert not any(outcome.fresh for outcome in told)
    rows = database.read_now(lambda session: queries.page_before(session, lobby, None, 10))
    assert [row.client_id for row in rows] == ["b", "a"]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[tuple[Database, sqlite3.Connection]]:
    """A database in Galaxy's own file, which some writer of Galaxy's has locked; ours waits a tenth of a second."""
    path = tmp_path / "universe.sqlite"
    database = Database(f"sqlite:///{path}?timeout=0.1")
    database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, []))
    join_lobby(database)
    with closing(sqlite3.connect(path, isolation_level=None)) as galaxy:
        galaxy.execute("BEGIN IMMEDIATE")
        yield database, galaxy
    database.close()


def test_a_locked_database_is_waited_for(locked: tuple[Database, sqlite3.Connection]) -> None:
    database, galaxy = locked
    third_try = threading.Event()
    tries: list[int] = []

    def commit(batch: Sequence[Command]) -> Sequence[Stored | ChatError]:
        tries.append(len(batch))
        if len(tries) == 3:
            third_try.set()
        return stored(database, *batch)

    async def run() -> list[Stored]:
        writer: Writer[Command, Stored] = Writer(commit, lambda _: None)
        futures = [writer.submit(command(1, str(n))) for n in range(3)]
        assert await asyncio.to_thread(third_try.wait, 10)
        assert not any(future.done() for future in futures)
        futures.append(writer.submit(command(1, "later")))
        galaxy.execute("COMMIT")
        outcomes = await asyncio.gather(*futures)
        writer.close()
        return outcomes

    assert [outcome.message.seq for outcome in asyncio.run(run())] == [1, 2, 3, 4]


def test_past_the_deadline_the_sender_is_told_and_the_writer_goes_on(
    locked: tuple[Database, sqlite3.Connection],
) -> None:
    database, galaxy = locked
    told: list[Stored] = []

    async def run() -> None:
        writer: Writer[Command, Stored] = Writer(lambda batch: stored(database, *batch), told.extend, deadline=0.5)
        early = [writer.submit(command(1, str(n))) for n in range(3)]
        for refusal in await asyncio.gather(*early, return_exceptions=True):
            assert isinstance(refusal, Overloaded)
            assert refusal.retry_after
        assert told == []
        late = writer.submit(command(1, "0"))
        galaxy.execute("COMMIT")
        assert (await late).message.seq == 1
        writer.close()

    asyncio.run(run())
    assert [outcome.message.client_id for outcome in told] == ["0"]


def test_a_full_queue_says_so() -> None:
    proceed = threading.Event()

    def commit(batch: Sequence[int]) -> Sequence[int | ChatError]:
        assert proceed.wait(10)
        return batch

    async def run() -> None:
        writer: Writer[int, int] = Writer(commit, lambda _: None)
        futures = [writer.submit(n) for n in range(MAX_QUEUED)]
        with pytest.raises(Overloaded) as refusal:
            writer.submit(-1)
        assert refusal.value.retry_after
        proceed.set()
        assert await asyncio.gather(*futures) == list(range(MAX_QUEUED))
        writer.close()

    asyncio.run(run())
