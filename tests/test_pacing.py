"""The line before the door: who finds no place in it is told when to come back, and then comes in."""

from __future__ import annotations

import asyncio

import pytest

from galaxy_communication.errors import Overloaded
from galaxy_communication.pacing import MAX_RETRY_AFTER, Pacing


def test_who_finds_the_line_full_is_told_when_and_comes_in_then() -> None:
    async def come() -> None:
        pacing, let_in = Pacing(at_once=2, max_waiting=3), []

        async def visit(name: int) -> None:
            async with pacing.turn():
                let_in.append(name)
                await leave.wait()

        leave = asyncio.Event()
        visits = [asyncio.ensure_future(visit(name)) for name in range(5)]
        await asyncio.sleep(0)
        assert let_in == [0, 1]
        with pytest.raises(Overloaded) as refused:
            await visit(5)
        assert refused.value.retry_after
        leave.set()
        await asyncio.gather(*visits)
        await visit(5)
        assert let_in == [0, 1, 2, 3, 4, 5]

    asyncio.run(come())


def test_the_refused_are_spread_over_the_time_that_they_take() -> None:
    async def come() -> None:
        pacing = Pacing(at_once=1, max_waiting=0)
        async with pacing.turn():
            told = [await refused(pacing) for _ in range(5000)]
        assert max(told[:100]) < min(told[2000:]) < max(told) <= MAX_RETRY_AFTER
        late = told[2500:]  # not all of these at the end of the longest time
        assert max(late) - min(late) > MAX_RETRY_AFTER / 3

    asyncio.run(come())


def test_a_turn_that_does_not_come_is_not_waited_for() -> None:
    async def come() -> None:
        pacing = Pacing(at_once=1, max_wait=0.01)
        async with pacing.turn():
            assert await refused(pacing)
        async with pacing.turn():
            pass

    asyncio.run(come())


async def refused(pacing: Pacing) -> float:
    with pytest.raises(Overloaded) as error:
        async with pacing.turn():
            raise AssertionError("let in")
    assert error.value.retry_after is not None
    return error.value.retry_after
