"""How often people may do things: moving windows of the `limits` library, one set per kind and person, whatever the
connection or the process, as far as these share a storage.

Lives on the event loop. Connects to nothing and starts nothing before the first question.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal, TypeVar, cast
from weakref import WeakValueDictionary

from limits import RateLimitItem
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.storage import storage_from_string

from .errors import RateLimited

log = logging.getLogger(__name__)

Kind = Literal["messages", "edits", "reactions", "rooms", "searches", "connections"]
#: Of what the processes tell each other.
Counted = Kind | Literal["flood"]
NOUNS: Mapping[Kind, str] = {
    "messages": "messages",
    "edits": "changes of messages",
    "reactions": "reactions",
    "rooms": "new rooms",
    "searches": "searches",
    "connections": "connections",
}

Rates = Sequence[RateLimitItem]
Answer = TypeVar("Answer")


class RateLimits:
    """
    :param storage: a URI of the `limits` library, without its ``async+``.
    :param rates: by kind; a kind without any is not limited.
    :param patience: how often somebody may come back before the time that a refusal named.
    :param taken: tells the other processes, which keep their own count, of what was not refused, and of offences.
    """

    def __init__(
        self,
        storage: str,
        rates: Mapping[Kind, Rates],
        patience: Rates,
        taken: Callable[[Counted, int], None] | None = None,
    ) -> None:
        self._storage = cast(Storage, storage_from_string(f"async+{storage}"))
        self._windows = MovingWindowRateLimiter(self._storage)
        self.rates = rates
        self._patience = patience
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._taken = taken or (lambda kind, user_id: None)
        self._noting: set[asyncio.Task[int]] = set()
        self._is_failing = False

    async def take(self, kind: Kind, user_id: int) -> None:
        """Raises `RateLimited`. One person's calls go on in the order in which they came."""
        rates = self.rates[kind]
        if not rates:
            return
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            seconds = await self._asked(lambda: self._wait(rates, kind, user_id), otherwise=0)
        if seconds:
            unit = "second" if seconds == 1 else "seconds"
            raise RateLimited(
                f"Too many {NOUNS[kind]} in a short time. Try again in {seconds} {unit}.",
                retry_after=seconds,
                reason="too_fast",
            )
        self._taken(kind, user_id)

    def note(self, kind: Counted, user_id: int) -> None:
        """Another process has let somebody do something, or has counted an offence."""
        rates = self._patience if kind == "flood" else self.rates.get(kind)
        if rates:
            task = asyncio.get_running_loop().create_task(self._wait(rates, kind, user_id))
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)

    async def is_flood(self, user_id: int, seconds: float) -> bool:
        """Whether somebody who was just told to wait so long has once more, and too often, not waited. Who does wait
        never floods. After a yes, it is counted anew."""
        return await self._asked(lambda: self._has_no_end(user_id, seconds), otherwise=False)

    async def _wait(self, rates: Rates, kind: Counted, user_id: int) -> int:
        """Seconds, rounded up, until there is room in all windows; 0 where there was and a place is taken."""
        key = f"communication/{kind}", str(user_id)
        # Asked first, so that what one window refuses takes no place in another.
        full = [rate for rate in rates if not await self._windows.test(rate, *key)]
        if not full:
            full = [rate for rate in rates if not await self._windows.hit(rate, *key)]
        if not full:
            return 0
        free = [(await self._windows.get_window_stats(rate, *key)).reset_time for rate in full]
        return max(1, math.ceil(max(free) - time.time()))

    async def _has_no_end(self, user_id: int, seconds: float) -> bool:
        refusals = await self._storage.incr(f"communication/refused/{user_id}", math.ceil(seconds))
        if refusals == 1:
            return False
        key = "communication/flood", str(user_id)
        if all([await self._windows.hit(rate, *key) for rate in self._patience]):
            self._taken("flood", user_id)
            return False
        for rate in self._patience:
            await self._windows.clear(rate, *key)
        return True

    async def _asked(self, ask: Callable[[], Awaitable[Answer]], otherwise: Answer) -> Answer:
        """A storage that fails must not stop the chat. It is told once, and once when it is back."""
        try:
            answer = await ask()
        except Exception as error:
            if not self._is_failing:
                log.error("communication: nobody's rate is limited until the storage of the limits answers: %s", error)
            self._is_failing = True
            return otherwise
        if self._is_failing:
            log.info("communication: rates are limited again")
        self._is_failing = False
        return answer
