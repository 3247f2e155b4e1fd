"""The group-commit writer: one per process, one transaction for all that arrived while the last one ran.

Lives on the event loop; its transactions run in one thread of its own, so at most one is open at a time. A caller's
future is resolved after the commit, never before. The queue is bounded: past it, callers are told at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from .database import UNAVAILABLE
from .errors import ChatError, Overloaded

log = logging.getLogger(__name__)

Command = TypeVar("Command")
Stored = TypeVar("Stored")

#: Commands that wait at most; with 6,000 characters each this is some 25 MB.
MAX_QUEUED = 2000
MAX_BATCH = 500
#: A command that the database would not take for this long is refused. Long enough for SQLite's writers to finish.
DEADLINE_SECONDS = 10.0
RETRY_SECONDS = 0.2


class Writer(Generic[Command, Stored]):
    """
    :param commit: stores a batch in one transaction, in the writer's thread; answers with an outcome for each command.
        It either commits all that it reports as stored or raises.
    :param committed: told of every stored batch, on the event loop, in the order of the commits.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Command]], Sequence[Stored | ChatError]],
        committed: Callable[[Sequence[Stored]], None],
    ) -> None:
        self._commit = commit
        self._committed = committed
        self._queue: deque[tuple[Command, asyncio.Future[Stored]]] = deque()
        self._running: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="communication-writer")

    def submit(self, command: Command) -> asyncio.Future[Stored]:
        """Queue a command; they are stored in the order of these calls. Raises `Overloaded` where there is no room."""
        if len(self._queue) >= MAX_QUEUED:
            raise Overloaded("The chat server is busy. Nothing was stored; try again.", retry_after=2)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Stored] = loop.create_future()
        self._queue.append((command, future))
        if self._running is None:
            self._running = loop.create_task(self._run())
        return future

    async def _run(self) -> None:
        try:
            while self._queue:
                batch = [self._queue.popleft() for _ in range(min(len(self._queue), MAX_BATCH))]
                await self._store(batch)
        finally:
            self._running = None

    async def _store(self, batch: list[tuple[Command, asyncio.Future[Stored]]]) -> None:
        loop = asyncio.get_running_loop()
        commands = [command for command, _ in batch]
        outcomes: Sequence[Stored | ChatError]
        try:
            outcomes = await loop.run_in_executor(self._thread, self._commit_with_retries, commands)
        except ChatError as error:
            outcomes = [error] * len(batch)
        except Exception:
            if len(batch) > 1:  # one that cannot be stored must not take the others with it
                for alone in batch:
                    await self._store([alone])
                return
            log.exception("communication: a command could not be stored")
            outcomes = [Overloaded("The chat server could not store this.", retry_after=5)]
        if stored := [outcome for outcome in outcomes if not isinstance(outcome, ChatError)]:
            self._committed(stored)
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            if future.done():  # the caller has gone
                continue
            if isinstance(outcome, ChatError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def _commit_with_retries(self, commands: Sequence[Command]) -> Sequence[Stored | ChatError]:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                return self._commit(commands)
            except UNAVAILABLE as error:
                if time.monotonic() + RETRY_SECONDS > deadline:
                    log.error("communication: the database took nothing for %.0f s: %s", DEADLINE_SECONDS, error)
                    raise Overloaded("The database is not answering. Nothing was stored.", retry_after=5) from error
                time.sleep(RETRY_SECONDS)

    def close(self) -> None:
        self._thread.shutdown(wait=True)
