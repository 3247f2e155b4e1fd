"""Says, from a process's start to its end, that it is there and how busy it is: what the others and administrators know
of it. A row in the database, written every twenty seconds, whether anybody is connected or not."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from . import worker_queries
from .database import Database
from .models import Worker, now
from .worker_queries import Beat

log = logging.getLogger(__name__)

BEAT_SECONDS = 20.0
#: Galaxy's own shutdown does not wait longer for the last word.
STOP_SECONDS = 5.0


class LastMinute:
    """How many there were, to the second. Added to by one thread, read by any."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._slots = [(0, 0)] * 60
        """By second of the minute: of which second, and how many."""

    def add(self, count: int) -> None:
        second = int(self._clock())
        counted, before = self._slots[second % 60]
        self._slots[second % 60] = second, count + (before if counted == second else 0)

    def total(self) -> int:
        oldest = int(self._clock()) - 59
        return sum(count for second, count in self._slots if second >= oldest)


class RollCall:
    """Compares, beat by beat, who is there by their rows with how many are heard on the bus: where there are two buses,
    each process hears itself, and the bus alone tells nobody. Who has just begun or ended is not missed twice in a row.

    :param heard: how many others are, now; None where that says nothing.
    """

    def __init__(self, heard: Callable[[], int | None]) -> None:
        self._heard = heard
        self._called_at: datetime | None = None
        self._before: tuple[frozenset[int], int] = frozenset(), 0
        """Who had beaten before the last call, and how many were heard."""
        self.unheard = 0

    def call(self, others: Sequence[Worker]) -> None:
        heard, since, before = self._heard(), self._called_at, self._before
        self._called_at = now()
        if heard is None or since is None:
            self._before = frozenset(), 0
            return
        there = frozenset(worker.id for worker in others if worker.started_at < since < worker.seen_at)
        self._before = there, heard
        missing = len(there & before[0]) - max(heard, before[1])
        if missing > 0:
            if not self.unheard:
                log.warning(
                    "communication: %d of the other processes that serve the chat (%s) are not heard on the message "
                    "bus: what is said in them comes here seconds late; is it the same bus for all?",
                    missing,
                    ", ".join(worker.name for worker in others if worker.id in there),
                )
            self.unheard = missing
        elif self.unheard and heard >= len(others):
            log.warning("communication: all processes that serve the chat are heard on the message bus again")
            self.unheard = 0


class Pulse:
    """Has a thread of its own, that waits; its SQL is among the database's other work. What fails is logged once, and
    tried again.

    :param load: connections, people online, and commands that wait to be stored, now; asked in any thread.
    :param has_bus: whether what is said in one process is heard in the others at once.
    :param heard: how many others are heard so, now; None where that says nothing. Asked in any thread.
    :param page: what the process counts, in Prometheus's text format.
    :param beaten: called after each beat, in the pulse's own thread.
    """

    def __init__(
        self,
        database: Database,
        load: Callable[[], tuple[int, int, int]],
        *,
        has_bus: bool,
        heard: Callable[[], int | None] = lambda: None,
        page: Callable[[], str | None] = lambda: None,
        beaten: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._load = load
        self._has_bus = has_bus
        self._page = page
        self._beaten = beaten
        self._beating = threading.Lock()
        self.roll_call = RollCall(heard)
        self.sent = LastMinute()
        self.started_at = now()
        self.number: int | None = None
        """Of this process's row, once there is one."""
        self.has_peers = False
        self.alone = False
        """Nobody else serves; not said before a whole beat has gone, when those that began together have been heard."""
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._failing = self._warned = False

    def start(self) -> None:
        self.started_at = now()
        self._thread = threading.Thread(target=self._run, name="communication-pulse", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def said(self) -> Beat:
        connections, online, queue = self._load()
        name = f"{socket.gethostname()}:{os.getpid()}"
        return Beat(name, self.started_at, connections, online, queue, self.sent.total())

    def others(self, alive: Sequence[Worker]) -> list[Worker]:
        return [worker for worker in alive if worker.id != self.number]

    def peers(self, alive: Sequence[Worker]) -> list[Worker]:
        """Those that serve beside this one. What was last heard before it began may be what it has replaced."""
        return [worker for worker in self.others(alive) if worker.seen_at > self.started_at]

    def _run(self) -> None:
        self.beat_and_tell()
        while not self._stopped.wait(BEAT_SECONDS):
            self.beat_and_tell()
        self._try(self._leave)

    def beat_and_tell(self) -> None:
        self._try(lambda session: self.roll_call.call(self.beat(session)))
        try:
            self._beaten()
        except Exception:
            log.exception("communication: the figures of a beat could not be told")

    def _try(self, operation: Callable[[Session], None]) -> None:
        try:
            self._database.write_elsewhere(operation)
        except Exception as error:
            if not self._failing:
                log.warning("communication: this process could not say that it is there: %s", error)
            self._failing = True
        else:
            self._failing = False

    def beat(self, session: Session) -> list[Worker]:
        """The others that are alive. In any thread: of two at once, the one that counts later also writes later."""
        with self._beating:
            said = replace(self.said(), metrics=self._page())
            self.number = worker_queries.beat(session, self.number, said)
        alive = worker_queries.alive(session)
        peers = self.peers(alive)
        self.has_peers = bool(peers)
        self.alone = not peers and now() - self.started_at >= timedelta(seconds=BEAT_SECONDS)
        if peers and not self._has_bus and not self._warned:
            self._warned = True
            log.warning(
                "communication: %d processes serve the chat, and no message bus joins them: what is said in one comes "
                "to the others seconds late, and each counts its limits alone",
                len(peers) + 1,
            )
        return self.others(alive)

    def _leave(self, session: Session) -> None:
        if self.number is not None:
            worker_queries.remove(session, self.number)
