"""The message bus: what one process says to the others that serve the same chat.

Hints, not contents: that a room has changed, that somebody came. Who hears one looks into the database, so a hint that
comes late, twice or never does no harm, and none is large; the rounds (`watch`) find what a lost one would have told.
The transport is one of python-socketio's client managers, used for its publishing and listening alone: what is for
this process's own sockets never waits for the bus.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal, TypeVar

from pydantic import BaseModel
from socketio.async_pubsub_manager import AsyncPubSubManager
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

Item = TypeVar("Item")

Name = Literal["memory", "database", "redis", "rabbitmq"]
#: What one process says at a time: a kind, and the values that its hearers are given after the name of the process.
Hint = tuple[str, tuple[Any, ...]]

BEAT_SECONDS = 5.0
#: Three beats: a bus on which one does not hear oneself for so long is not working, and a process is gone.
SILENCE_SECONDS = 16.0
PUBLISH_SECONDS = 10.0
STOP_SECONDS = 2.0
#: Hints that wait while the bus does not take them; then all are dropped, as the rounds do better.
MAX_QUEUED = 2000
#: Of one publication, in bytes. PostgreSQL takes less than 8000 for a payload.
MAX_BYTES = 7000


class Bus:
    """Lives on the event loop; nothing runs before `start` or the first word.

    :param make: the transport; None where each process is alone. It is given publications as text.
    :param notify: publishes in a transaction, with its commit; None where the transport is not the chat's database.
    """

    def __init__(
        self,
        name: Name = "memory",
        make: Callable[[], AsyncPubSubManager] | None = None,
        notify: Callable[[Session, str], None] | None = None,
    ) -> None:
        self.name: Name = name
        self._token = secrets.token_hex(6)
        self.joins = make is not None
        """Whether it reaches other processes."""
        self.listens = True
        """Off where nobody is connected: it speaks, and neither listens nor beats."""
        self._make = make
        self._notify = notify
        self._manager: AsyncPubSubManager | None = None
        self.beat: Callable[[], None] = lambda: self.say("alive")
        """Says that this process is there."""
        self._hearers: dict[str, Callable[..., None]] = {}
        self._queue: deque[Hint] = deque()
        self._publishing: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._beating: asyncio.Task[None] | None = None
        self.echoed = self._connected = 0.0
        """When this process has last heard itself, and has begun to listen, on the event loop's clock."""
        self._is_silent = False
        self.published = self.heard = self.lost = 0
        self._accounted = 0
        """The number of the last publication of which it is known whether it was heard."""

    def on(self, kind: str, hear: Callable[..., None]) -> None:
        """Call ``hear`` with the name of the process that says a hint of this kind, and the hint's values."""
        self._hearers[kind] = hear

    def say(self, kind: str, *values: Any) -> None:
        """To all others, soon. Values become JSON; collections are lists to those who hear."""
        if not self.joins:
            return
        if self.listens:
            self.start()
        if len(self._queue) >= MAX_QUEUED:
            self.lost += len(self._queue)
            self._queue.clear()
        self._queue.append((kind, values))
        if self._publishing is None:
            self._publishing = asyncio.get_running_loop().create_task(self._publish())

    def committed(self, heads: Mapping[int, int]) -> None:
        """Rooms have changed, each up to a number; where the transaction itself has not told of it."""
        if self._notify is None:
            self.say("rooms", list(heads.items()))

    def say_in(self, session: Session, heads: Mapping[int, int]) -> None:
        """The same where it has: with the commit, or not at all. Blocks."""
        if self._notify is not None:
            for said in self._worded([("rooms", ([item],)) for item in heads.items()]):
                self._notify(session, self._signed(said))

    def start(self) -> None:
        if self.joins and self._beating is None:
            loop = asyncio.get_running_loop()
            self.echoed = self._connected = loop.time()
            self._beating = loop.create_task(self._run())

    async def stop(self) -> None:
        """Say the last of it, and be deaf and dumb."""
        self.joins = False
        with suppress(Exception):
            if self._publishing is not None:
                await asyncio.wait_for(self._publishing, STOP_SECONDS)
        await _end(self._beating, self._listening, self._publishing)
        await _close(self._manager)

    async def _reconnect(self) -> None:
        """All of it. Listening begins before the next word: whoever comes first connects for both."""
        tasks, manager = (self._listening, self._publishing), self._manager
        self._publishing = self._manager = None
        self._listening = asyncio.get_running_loop().create_task(self._listen())
        await _end(*tasks)
        await _close(manager)

    @property
    def worker(self) -> str:
        """This process, to the others. Galaxy is preloaded before it forks: they have all else in common."""
        return f"{self._token}:{os.getpid()}"

    @property
    def is_working(self) -> bool:
        """Whether what is said is heard. A bus that has not been needed yet is not suspected."""
        return not self._is_silent

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                if self._listening is None or self._listening.done():
                    self._listening = loop.create_task(self._listen())
                self.beat()
                await asyncio.sleep(BEAT_SECONDS)
                self._notice_silence(loop.time() - self.echoed > SILENCE_SECONDS)
                if self._is_silent:
                    self._give_up(self.published)
                    # The engines' clients wait ever longer before they try again, or for ever for what is half open.
                    if loop.time() - self._connected > SILENCE_SECONDS:
                        self._connected = loop.time()
                        await self._reconnect()
        finally:
            self._beating = None

    def _notice_silence(self, is_silent: bool) -> None:
        if is_silent and not self._is_silent:
            log.error(
                "communication: the message bus (%s) does not answer: what is said in one process comes to the others "
                "with their rounds, some seconds late",
                self.name,
            )
        elif self._is_silent and not is_silent:
            log.warning("communication: the message bus (%s) answers again", self.name)
        self._is_silent = is_silent

    def _transport(self) -> AsyncPubSubManager:
        if self._manager is None:
            assert self._make is not None
            self._manager = self._make()
        return self._manager

    async def _publish(self) -> None:
        """All that waits in one publication. What is lost on the way is not repeated."""
        try:
            while self._queue:
                hints = list(self._queue)
                self._queue.clear()
                for said in self._worded(hints):
                    if not await self._publish_one(said):
                        break  # the rest would be as late
        finally:
            if self._publishing is asyncio.current_task():
                self._publishing = None

    async def _publish_one(self, said: str) -> bool:
        """Whether the transport took it, as far as it says."""
        self.published += 1
        text = self._signed(said, self.published)
        try:
            await asyncio.wait_for(self._transport()._publish(text), PUBLISH_SECONDS)
        except Exception as error:  # asyncio's own TimeoutError among them
            log.debug("communication: hints were lost on the message bus: %r", error)
            return False
        return True

    def _give_up(self, number: int) -> None:
        """Publications up to this number that have not come are lost: they keep their order."""
        self.lost += max(0, number - self._accounted)
        self._accounted = max(number, self._accounted)

    def _signed(self, said: str, number: int = 0) -> str:
        return f'{{"worker":"{self.worker}","number":{number},"hints":[{said}]}}'

    def _worded(self, hints: Iterable[Hint]) -> Iterator[str]:
        """As few publications as their size allows."""
        parts = (
            json.dumps([kind, *values], ensure_ascii=False, separators=(",", ":"), default=_plain)
            for kind, values in hints
        )
        return map(",".join, packed(parts, lambda part: len(part.encode()) + 1, MAX_BYTES))

    async def _listen(self) -> None:
        try:
            async for message in self._transport()._listen():
                self._hear(message)
        except Exception as error:
            log.debug("communication: the message bus broke off: %r", error)

    def _hear(self, message: Any) -> None:
        try:
            told = message if isinstance(message, dict) else json.loads(message)
            worker, number, hints = str(told["worker"]), int(told["number"]), list(told["hints"])
        except (ValueError, TypeError, KeyError):
            log.warning("communication: something that is not the chat's came over the message bus")
            return
        if worker == self.worker:
            self.echoed = asyncio.get_running_loop().time()
            self._notice_silence(False)
            if self._accounted:  # what was said before one had begun to listen was not for oneself
                self._give_up(number - 1)
            self._accounted = max(number, self._accounted)
            return
        self.heard += len(hints)
        for kind, *values in hints:
            if (hear := self._hearers.get(kind)) is None:  # a later release's
                continue
            try:
                hear(worker, *values)
            except Exception:
                log.exception("communication: a hint of the kind %r was not understood", kind)


def packed(items: Iterable[Item], size_of: Callable[[Item], int], limit: int) -> Iterator[list[Item]]:
    """In their order, so many together as the limit allows, but at least one."""
    together: list[Item] = []
    size = 0
    for item in items:
        length = size_of(item)
        if together and size + length > limit:
            yield together
            together, size = [], 0
        together.append(item)
        size += length
    if together:
        yield together


async def _close(manager: AsyncPubSubManager | None) -> None:
    """What python-socketio's managers leave open. Also where nothing answers."""
    for name in ("pubsub", "redis", "publisher_connection"):
        if (connection := getattr(manager, name, None)) is not None:
            with suppress(Exception):
                await asyncio.wait_for(getattr(connection, "aclose", connection.close)(), STOP_SECONDS)


async def _end(*tasks: asyncio.Task[None] | None) -> None:
    """Those that do not end soon, such as one that says goodbye to what does not answer, end by themselves."""
    if running := [task for task in tasks if task is not None]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=STOP_SECONDS)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return list(value)
