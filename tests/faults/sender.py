"""Those who change things: messages in a window of many, or edits, deletions and reactions one at a time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from .client import Client
from .connection import Broken, Connection, Json, first_of

#: Operations that wait to be acked at most; a sender at that point composes no more.
OUTBOX = 100
#: For an ack. Several times what the server takes to say that it cannot.
PATIENCE_SECONDS = 60.0
TEMPORARY = ("overloaded", "rate_limited")


@dataclass
class Attempt:
    """Times are those of the monotonic clock."""

    began: float
    ended: float = 0.0
    outcome: Literal["unknown", "acked", "refused"] = "unknown"


@dataclass
class Operation:
    """Something that a sender wants done, until it is."""

    event: str
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)
    ack: Json | None = None
    error: str | None = None
    """The code of a refusal that trying again would not change."""


class Sender(Client):
    """Keeps all in an outbox until it is acked, and after a cut sends what is left again, the earliest first.

    What is refused for now in the middle of a window keeps its place: the sender stops, waits until all that it has
    under way is answered, then as long as it was told, and goes on with the earliest that is not acked. Messages of
    the same window that were stored after the refused one then stand before it; a sender who cannot have that must
    send one at a time, as those do here who change one message several times.
    """

    def __init__(self, *client: Any, window: int, compose: Callable[[Sender], Operation], rate: float) -> None:
        """
        :param client: the arguments of `Client`.
        :param window: operations that are under way at a time.
        :param compose: makes the next operation.
        :param rate: operations per second, on average.
        """
        super().__init__(*client)
        self.operations: list[Operation] = []
        self.stopping = False
        self.latest_acked = 0.0
        """When the latest attempt that was acked began."""
        self.own: list[str] = []
        """The ids of the messages it was acked and has not deleted."""
        self.heard_of: deque[str] = deque(maxlen=50)
        """The ids of the latest messages that were told to have changed."""
        self._window = window
        self._compose = compose
        self._rate = rate
        self._outbox: dict[int, Operation] = {}
        self._due = time.monotonic()

    @property
    def finished(self) -> bool:
        return self.stopping and not self._outbox

    def heard(self, event: str, payload: Json) -> None:
        if event == "room.events":
            for change in payload["events"]:
                self.heard_of.append(change["message"]["id"])

    async def converse(self, connection: Connection) -> None:
        waiting = deque(self._outbox.values())
        flying: dict[asyncio.Future[Json], Operation] = {}
        pause = 0.0
        try:
            while not self.finished:
                waiting.extend(self._composed())
                if pause and not flying:
                    await first_of(connection.ended, timeout=pause)
                    waiting, pause = deque(self._outbox.values()), 0.0
                while waiting and not pause and len(flying) < self._window:
                    await self._launch(connection, waiting.popleft(), flying)
                until_due = max(0.02, self._due - time.monotonic())
                await first_of(*flying, connection.ended, timeout=until_due)
                for future in [future for future in flying if future.done()]:
                    pause = max(pause, self._settle(flying.pop(future), future.result()))
                if connection.ended.done():
                    raise Broken("ended")
                if flying and time.monotonic() > PATIENCE_SECONDS + min(o.attempts[-1].began for o in flying.values()):
                    self.counts.unanswered += len(flying)
                    raise Broken("no ack")
        finally:
            for operation in flying.values():
                operation.attempts[-1].ended = time.monotonic()

    def _composed(self) -> list[Operation]:
        """What has become due, in bursts now and then."""
        fresh = []
        while time.monotonic() >= self._due and not self.stopping:
            burst = self.rng.choice((1, 1, 2, 5, 20))
            self._due = time.monotonic() + self.rng.expovariate(self._rate / burst)
            for _ in range(min(burst, OUTBOX - len(self._outbox))):
                operation = self._compose(self)
                self.operations.append(operation)
                self._outbox[id(operation)] = operation
                fresh.append(operation)
        return fresh

    async def _launch(
        self, connection: Connection, operation: Operation, flying: dict[asyncio.Future[Json], Operation]
    ) -> None:
        if operation.attempts:
            self.counts.resent += 1
        operation.attempts.append(Attempt(time.monotonic()))
        flying[await connection.call(operation.event, operation.payload)] = operation

    def _settle(self, operation: Operation, ack: Json) -> float:
        """The seconds to wait where the answer was a refusal for now, else 0."""
        attempt = operation.attempts[-1]
        attempt.ended = time.monotonic()
        if ack["ok"]:
            attempt.outcome, operation.ack = "acked", ack
            if operation.event == "message.send":
                self.own.append(ack["message"]["id"])
                self.counts.given_back += _is_before(ack["message"]["created_at"], attempt)
            self.counts.acked += 1
            self.latest_acked = max(self.latest_acked, attempt.began)
            del self._outbox[id(operation)]
            return 0.0
        attempt.outcome = "refused"
        code: str = ack["error"]["code"]
        self.counts.refused[code] += 1
        if code in TEMPORARY:
            return float(ack["error"].get("retry_after") or 1)
        operation.error = code
        del self._outbox[id(operation)]
        return 0.0


def _is_before(created_at: str, attempt: Attempt) -> bool:
    """Whether an earlier attempt had stored the message; its answer was lost."""
    began = datetime.now(timezone.utc) - timedelta(seconds=time.monotonic() - attempt.began)
    return datetime.fromisoformat(created_at.replace("Z", "+00:00")) < began
