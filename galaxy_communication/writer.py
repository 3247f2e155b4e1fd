"""The group-commit writer: one per process, one transaction for all that arrived while the last one ran.

Lives on the event loop; its transactions run in one thread of its own, so at most one is open at a time. A caller's
future is resolved after the commit, never before. The queue is bounded: past it, callers are told at once. A database
that does not answer is tried again, in order, until a command's deadline is over.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from .database import UNAVAILABLE
from .errors import ChatError, Invalid, Overloaded
from .log_lines import in_short

log = logging.getLogger(__name__)

Command = TypeVar("Command")
Stored = TypeVar("Stored")

#: Commands that wait at most; with 6,000 characters each this is some 25 MB.
MAX_QUEUED = 2000
MAX_BATCH = 500
#: A command that the database would not take for this long is refused after the attempt that is under way, of at most
#: five seconds: before clients stop waiting for their ack.
DEADLINE_SECONDS = 8.0
RETRY_SECONDS = 0.2


@dataclass(slots=True)
class _Waiting(Generic[Command, Stored]):
    command: Command
    future: asyncio.Future[Stored]
    deadline: float


class Writer(Generic[Command, Stored]):
    """
    :param commit: stores a batch in one transaction, in the writer's thread; answers with an outcome for each command.
        It either commits all that it reports as stored or raises. May be called again with the same commands: a commit
        whose answer was lost looks like a database that does not answer.
    :param committed: told of every stored batch, on the event loop, in the order of the commits.
    """

    def __init__(
        self,
        commit: Callable[[Sequence[Command]], Sequence[Stored | ChatError]],
        committed: Callable[[Sequence[Stored]], None],
        *,
        max_batch: int = MAX_BATCH,
        deadline: float = DEADLINE_SECONDS,
    ) -> None:
        self._commit = commit
        self._committed = committed
        self._max_batch = max_batch
        self._deadline = deadline
        self._queue: deque[_Waiting[Command, Stored]] = deque()
        self._alone = 0
        """So many commands at the head of the queue are stored one by one: together they could not be."""
        self._running: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="communication-writer")

    def submit(self, command: Command) -> asyncio.Future[Stored]:
        """Queue a command; they are stored in the order of these calls. Raises `Overloaded` where there is no room."""
        if len(self._queue) >= MAX_QUEUED:
            raise Overloaded("The chat server is busy. Nothing was stored; try again.", retry_after=2)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Stored] = loop.create_future()
        self._queue.append(_Waiting(command, future, loop.time() + self._deadline))
        if self._running is None:
            self._running = loop.create_task(self._run())
        return future

    def __len__(self) -> int:
        """So many wait, those of the transaction that is under way left out."""
        return len(self._queue)

    async def _run(self) -> None:
        try:
            while self._queue:
                await self._store(self._take())
        finally:
            self._running = None

    def _take(self) -> list[_Waiting[Command, Stored]]:
        size = min(len(self._queue), self._max_batch)
        if self._alone:
            self._alone -= 1
            size = 1
        return [self._queue.popleft() for _ in range(size)]

    async def _store(self, batch: list[_Waiting[Command, Stored]]) -> None:
        commands = [waiting.command for waiting in batch]
        try:
            outcomes = await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, commands)
        except UNAVAILABLE as error:
            self._put_back(batch)
            self._refuse_late(error)
            await asyncio.sleep(RETRY_SECONDS)
        except Exception:
            if len(batch) > 1:  # one that cannot be stored must not take the others with it
                self._put_back(batch)
                self._alone = len(batch)
                return
            log.exception("communication: a command could not be stored")
            _resolve(batch[0], Invalid("The chat server could not store this."))
        else:
            if stored := [outcome for outcome in outcomes if not isinstance(outcome, ChatError)]:
                self._committed(stored)
            for waiting, outcome in zip(batch, outcomes, strict=True):
                _resolve(waiting, outcome)

    def _put_back(self, batch: list[_Waiting[Command, Stored]]) -> None:
        self._queue.extendleft(reversed(batch))

    def _refuse_late(self, error: Exception) -> None:
        """They wait in the order of their deadlines."""
        now = asyncio.get_running_loop().time()
        late = 0
        while self._queue and self._queue[0].deadline < now:
            late += 1
            # Not "nothing was stored": the answer to a commit may be what was lost.
            _resolve(self._queue.popleft(), Overloaded("The database is not answering. Send it again.", retry_after=5))
        if late:
            self._alone = max(0, self._alone - late)
            log.error("communication: the database did not take %d commands in time: %s", late, in_short(error))

    def close(self) -> None:
        self._thread.shutdown(wait=True)


def _resolve(waiting: _Waiting[Command, Stored], outcome: Stored | ChatError) -> None:
    if waiting.future.done():  # the caller has gone
        return
    if isinstance(outcome, ChatError):
        waiting.future.set_exception(outcome)
    else:
        waiting.future.set_result(outcome)
