"""What people say in a benchmark, in one room: as fast as they are acked, or at a steady pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import count

from .load import Line

WINDOW = 20
PER_SECOND = 20
QUESTION = "Does anybody know why FastQC fails on my reads? " * 4
#: More than it takes the rounds of the watch to tell what a bus has not.
SETTLE_SECONDS = 8.0

ids = count()


class Room:
    def __init__(self, room_id: str, lines: Sequence[Line]) -> None:
        self._room_id = room_id
        self.lines = lines
        self.acked = 0

    def created(self) -> int:
        return sum(line.created for line in self.lines)

    def send(self, line: Line, then: asyncio.Future[None] | None = None) -> None:
        """
        :param then: done when it is acked.
        """

        def answered(said: bytes) -> None:
            assert b'"ok":true' in said.replace(b" ", b""), said
            self.acked += 1
            if then is not None and not then.done():
                then.set_result(None)

        text = f"@{time.monotonic_ns()}@ {QUESTION}"
        line.call("message.send", {"room_id": self._room_id, "text": text, "client_id": f"{next(ids)}"}, answered)

    async def settle(self, expected: int) -> float:
        """Until everybody here was told of that many in all, or of nothing more: what is too far behind is left to
        `sync`, which nobody here asks for. When the last word came, by the monotonic clock."""
        told, latest = self.created(), time.monotonic()
        while min(line.created for line in self.lines) < expected and time.monotonic() < latest + SETTLE_SECONDS:
            await asyncio.sleep(0.01)
            if (now_told := self.created()) != told:
                told, latest = now_told, time.monotonic()
        return latest


async def saturated(room: Room, senders: Sequence[Line], seconds: float) -> float:
    """As fast as it goes. The seconds that it took until everybody had everything."""
    begun = time.monotonic()
    base = min(line.created for line in room.lines)
    before = room.acked
    loop = asyncio.get_running_loop()

    async def talk(line: Line) -> None:
        while time.monotonic() < begun + seconds:
            acked = loop.create_future()
            room.send(line, acked)
            await acked

    await asyncio.gather(*(talk(line) for line in senders for _ in range(WINDOW)))
    return await room.settle(base + room.acked - before) - begun


async def paced(room: Room, sender: Line, listeners: Sequence[Line], seconds: float) -> list[float]:
    """How long each message took to each listener, in milliseconds."""
    base, total = min(line.created for line in room.lines), int(seconds * PER_SECOND)
    for line in listeners:
        line.delays = []
    begun = time.monotonic()
    for number in range(total):
        await asyncio.sleep(max(0, begun + number / PER_SECOND - time.monotonic()))
        room.send(sender)
    await room.settle(base + total)
    return [delay for line in listeners for delay in line.delays or ()]
