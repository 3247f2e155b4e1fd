"""What only one of all processes does at a time: it holds a lease, a row with an end. For threads of one's own.

Whoever works renews it in each of their transactions. So a process that has died is followed by another one when its
lease is over, and one that was thought dead, and wakes, cannot store anything.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import delete, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from . import models
from .database import Database
from .models import now
from .removal_queries import NOTHING, Batch

T = TypeVar("T")

#: Much longer than a batch of work takes, with all its waiting for locks, and than the clocks of hosts differ.
SECONDS = 120.0


class LeaseLost(Exception):
    """Somebody else holds it by now; nothing was stored."""


class Lease:
    """One job's, as one of those see it who could do it."""

    def __init__(
        self,
        database: Database,
        name: str,
        *,
        seconds: float = SECONDS,
        rest: Callable[[float], object] = time.sleep,
    ) -> None:
        """
        :param rest: waits so many seconds between batches, or raises where the work is to end.
        """
        self.name = name
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._database = database
        self._seconds = seconds
        self._rest = rest

    def take(self) -> bool:
        """Whether it is ours now; also to renew it."""
        return self._write(self._taken)

    def write(self, operation: Callable[[Session], T]) -> T:
        """Run ``operation`` in a transaction that is stored only while the lease is ours, and renews it.

        :raises LeaseLost: it is not.
        """

        def renewed(session: Session) -> T:
            if not self._taken(session):
                raise LeaseLost(self.name)
            return operation(session)

        return self._write(renewed)

    def work_off(self, work: Callable[[Session, int], Batch]) -> int:
        """`write` batch by batch, each after the last number of the one before, until one has done nothing. Between
        them rest for as long as each took: Galaxy's own writers may wait for us. What all of them have done."""
        total, batch = 0, NOTHING
        while True:
            start = time.monotonic()
            batch = self.write(partial(_after, work, batch.last))
            if not batch.count:
                return total
            total += batch.count
            self._rest(time.monotonic() - start)

    def release(self) -> None:
        row = models.Lease
        self._write(
            lambda session: session.execute(delete(row).where(row.name == self.name, row.holder == self.holder))
        )

    def _write(self, operation: Callable[[Session], T]) -> T:
        return self._database.in_turn(lambda: self._database.write_now(operation))

    def _taken(self, session: Session) -> bool:
        """One statement: of several who try at once, the others wait for the first one's commit."""
        row, moment = models.Lease, now()
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        wanted = {"holder": self.holder, "until": moment + timedelta(seconds=self._seconds)}
        statement = insert(row).values(name=self.name, **wanted)
        statement = statement.on_conflict_do_update(
            index_elements=[row.name], set_=wanted, where=or_(row.holder == self.holder, row.until < moment)
        )
        return session.scalar(statement.returning(row.name)) is not None


def _after(work: Callable[[Session, int], Batch], last: int, session: Session) -> Batch:
    return work(session, last)
