"""The group-commit writer, storing real messages."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence

import pytest

from galaxy_communication.changes import Command, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError, Invalid, Overloaded
from galaxy_communication.models import Message
from galaxy_communication.writer import MAX_QUEUED, Writer
from tests.storage import command, stored


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
