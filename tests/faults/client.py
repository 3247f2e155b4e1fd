"""What senders and readers have in common: a connection that is made anew for as long as they want one."""

from __future__ import annotations

import asyncio
import random
from abc import ABC, abstractmethod
from dataclasses import dataclass

from .connection import Broken, Connection, Json, Refused
from .counts import Counts

#: Seconds of the first and of the longest pause before connecting again.
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 3.0
#: A laptop that is closed for a while.
NAP_SECONDS, NAP_PROBABILITY = 8.0, 0.1


@dataclass(frozen=True)
class Account:
    """Of a user of the chat who is a member of ``rooms``."""

    username: str
    api_key: str
    rooms: tuple[str, ...]
    """Their encoded ids."""


class Client(ABC):
    def __init__(self, account: Account, url: str, counts: Counts, rng: random.Random) -> None:
        self.account = account
        self.counts = counts
        self.rng = rng
        self.restless = False
        """Whether it takes no more naps."""
        self.napping = False
        self._url = url

    @property
    @abstractmethod
    def finished(self) -> bool: ...

    @abstractmethod
    async def converse(self, connection: Connection) -> None:
        """Use a connection until it ends (`Broken`) or there is nothing left to do."""

    @abstractmethod
    def heard(self, event: str, payload: Json) -> None: ...

    async def run(self) -> None:
        pause = FIRST_PAUSE
        while not self.finished:
            nap = self.rng.random() < NAP_PROBABILITY and not self.restless
            wait = NAP_SECONDS if nap else 0.0
            try:
                async with Connection(self._url, self.account.api_key, self._heard) as connection:
                    self.counts.connections += 1
                    pause = FIRST_PAUSE
                    await self.converse(connection)
            except Broken:
                self.counts.broken += 1
            except Refused as refusal:
                self.counts.not_let_in[refusal.code] += 1
                wait = max(wait, refusal.retry_after)
            self.napping = nap
            await asyncio.sleep(max(wait, pause) * self.rng.uniform(0.5, 1.5))
            self.napping = False
            pause = min(pause * 2, LONGEST_PAUSE)

    def _heard(self, event: str, payload: Json) -> None:
        if event == "closed":
            self.counts.closed[payload["code"]] += 1
        self.heard(event, payload)
