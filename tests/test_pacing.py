"""The line before the door: who finds no place in it is told when to come back, and then comes in."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from galaxy_communication.errors import Overloaded
from galaxy_communication.pacing import FIRST_GUESS, MAX_RETRY_AFTER, Pacing

#: More than find a place in the line.
MORE = 3000


def test_who_finds_the_line_full_is_told_when_and_comes_in_then() -> None:
    async def come() -> None:
        pacing, let_in = Pacing(at_once=2), list[int]()
        leave = asyncio.Event()

        async def visit(name: int) -> None:
            async with pacing.turn():
                let_in.append(name)
                await leave.wait()

        visits = [asyncio.ensure_future(visit(name)) for name in range(MORE)]
        await asyncio.sleep(0)
        assert let_in == [0, 1]
        there = [name for name, one in enumerate(visits) if not one.done()]
        assert 2 < len(there) < MORE, "some wait, and some were refused at once"
        assert all(isinstance(one.exception(), Overloaded) for one in visits if one.done())
        leave.set()
        await asyncio.gather(*visits, return_exceptions=True)
        assert let_in == there
        await visit(MORE)
        assert let_in[-1] == MORE

    asyncio.run(come())


def test_the_refused_are_spread_over_the_time_that_they_take() -> None:
    async def come() -> None:
        pacing, begun = Pacing(at_once=1), asyncio.get_running_loop().time()
        async with pacing.turn():
            outcomes = [asyncio.ensure_future(refused(pacing)) for _ in range(3 * MORE)]
            await asyncio.sleep(0)
            told = [one.result() for one in outcomes if one.done()]
            for one in outcomes:
                one.cancel()
        spaced = [later - sooner for sooner, later in itertools.pairwise(told[:MORE])]
        assert all(0 <= gap < 2 * FIRST_GUESS for gap in spaced), "one turn after the other"
        late = [moment - begun for moment in told[2 * MORE :]]  # not all of these at the same time
        assert MAX_RETRY_AFTER * 0.75 < min(late) < MAX_RETRY_AFTER < max(late)

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
    """Until when, on the event loop's clock."""
    with pytest.raises(Overloaded) as error:
        async with pacing.turn():
            raise AssertionError("let in")
    assert error.value.retry_after is not None
    return asyncio.get_running_loop().time() + error.value.retry_after
