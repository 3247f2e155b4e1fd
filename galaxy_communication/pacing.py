"""How many are let in at once: thousands who come back after a restart stall neither Galaxy nor those who are there."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .errors import Overloaded

#: As many as there are threads for SQL: more would only wait there, before what those who are connected ask.
AT_ONCE = 4
MAX_WAITING = 100
#: Seconds that one waits in line at most; clients give an attempt thirty.
MAX_WAIT = 10.0
#: Seconds after which one is told to come back at most.
MAX_RETRY_AFTER = 60.0
#: Seconds that a turn takes before any was measured; the average follows some twenty of them.
FIRST_GUESS, FOLLOWS = 0.05, 20


class Pacing:
    """Lives on the event loop. Who finds no place in the line is refused before any query, with an appointment: when
    those who were refused before will have had their turn, as fast as turns go now."""

    def __init__(self, at_once: int = AT_ONCE, max_waiting: int = MAX_WAITING, max_wait: float = MAX_WAIT) -> None:
        self._at_once, self._max_waiting, self._max_wait = at_once, max_waiting, max_wait
        self._free = at_once
        self._line: deque[asyncio.Future[None]] = deque()
        self._seconds = FIRST_GUESS
        self._booked = 0.0
        """Up to here on the event loop's clock appointments were given."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for it. Raises `Overloaded` where too many do, or it does not come in time."""
        if self._free:
            self._free -= 1
        else:
            await self._wait()
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            yield
        finally:
            self._pass_on()
            self._seconds += (clock() - begun - self._seconds) / FOLLOWS

    async def _wait(self) -> None:
        if len(self._line) >= self._max_waiting:
            raise self._appointment()
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            await asyncio.wait({place}, timeout=self._max_wait)
        except asyncio.CancelledError:
            if place.done():
                self._pass_on()
            raise
        finally:
            if not place.done():
                self._line.remove(place)
        if not place.done():
            raise self._appointment()

    def _pass_on(self) -> None:
        if self._line:
            self._line.popleft().set_result(None)
        else:
            self._free += 1

    def _appointment(self) -> Overloaded:
        now, each = asyncio.get_running_loop().time(), self._seconds / self._at_once
        self._booked = min(max(self._booked, now + len(self._line) * each) + each, now + MAX_RETRY_AFTER)
        # Jittered, so that those who were told the longest do not come together.
        seconds = (self._booked - now) * random.uniform(0.5, 1)
        return Overloaded("Many are connecting at once. You will be let in soon.", retry_after=round(seconds, 2))
