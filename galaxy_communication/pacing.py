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
#: Seconds that one may be expected to wait in line, and waits at most; clients give an attempt thirty.
LONG_WAIT, MAX_WAIT = 10.0, 20.0
#: Seconds after which one is told to come back at most, give or take a fifth.
MAX_RETRY_AFTER = 60.0
#: Seconds from one turn to the next before any was measured; the average follows some twenty of them.
FIRST_GUESS, FOLLOWS = 0.0125, 20


class Pacing:
    """Lives on the event loop. Whose turn would not come in time is refused before any query, with an appointment: when
    those who were refused before will have had theirs, as fast as it goes now, and a little earlier, so that there is
    always somebody in the line."""

    def __init__(self, at_once: int = AT_ONCE, max_wait: float = MAX_WAIT) -> None:
        self._free, self._max_wait = at_once, max_wait
        self._line: deque[asyncio.Future[None]] = deque()
        self._each = FIRST_GUESS
        """Seconds from one turn to the next, while there is a line."""
        self._last = 0.0
        """When the last turn began of those who waited for it, on the event loop's clock."""
        self._booked = 0.0
        """Up to here appointments were given."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for it. Raises `Overloaded` where too many do, or it does not come in time."""
        if self._free:
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        if not self._line:
            self._each, self._last = FIRST_GUESS, loop.time()
        elif len(self._line) * self._each > LONG_WAIT:
            raise self._appointment()
        place: asyncio.Future[None] = loop.create_future()
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
        if not self._line:
            self._free += 1
            return
        self._line.popleft().set_result(None)
        now = asyncio.get_running_loop().time()
        self._each += (now - self._last - self._each) / FOLLOWS
        self._last = now

    def _appointment(self) -> Overloaded:
        now = asyncio.get_running_loop().time()
        self._booked = max(self._booked, now + len(self._line) * self._each / 2) + self._each
        seconds = self._booked - now
        if seconds > MAX_RETRY_AFTER:  # and so for all who are refused from now on
            self._booked = now + MAX_RETRY_AFTER
            seconds = MAX_RETRY_AFTER * random.uniform(0.8, 1.2)
        return Overloaded("Many are connecting at once. You will be let in soon.", retry_after=round(seconds, 2))
