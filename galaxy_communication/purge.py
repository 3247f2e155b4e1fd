"""What is done once a day, by one of all processes: removing what is too old, and those who are no more."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from . import erasure, retention, retention_settings
from .database import UNAVAILABLE, Database
from .leases import Lease, LeaseLost
from .log_lines import in_short
from .models import now
from .retention_settings import Rules
from .schemas import RoomKind

log = logging.getLogger(__name__)

NAME = "purge"
EVERY = timedelta(days=1)
#: From the start of a process to its first look at whether a purge is due, and from one look to the next.
FIRST_LOOK_SECONDS, LOOK_SECONDS = 5.0, 3600.0


class People(Protocol):
    """What Galaxy is asked: `host_people.HostPeople`."""

    def gone_users(self, user_ids: Collection[int]) -> set[int]: ...


@dataclass(frozen=True)
class Outcome:
    """What a purge has done, or would do."""

    messages: Mapping[RoomKind, int]
    """By kind of room; of a purge that is done, without those of the people."""
    people: Sequence[int]


def preview(database: Database, people: People, rules: Rules) -> Outcome:
    """Blocks; for the database's threads."""
    gone = list(erasure.gone(database, people.gone_users))
    return Outcome(retention.due(database, rules, gone), gone)


def run(
    database: Database, people: People, *, if_due: bool = False, rest: Callable[[float], object] = time.sleep
) -> Outcome | None:
    """None where another process is at it, or it is not due. Blocks for as long as it takes.

    :raises LeaseLost: this process slept so long that another one has begun.
    """
    lease = Lease(database, NAME, rest=rest)
    if not lease.take():
        return None
    try:
        if if_due and not lease.write(_is_due):
            return None
        rules = lease.write(retention_settings.rules)
        gone = database.in_turn(lambda: list(erasure.gone(database, people.gone_users)))
        erasure.erase(database, lease, gone, rules.erasure)
        retention.remove_hidden_rooms(database, lease)
        removed = retention.remove(database, lease, rules)
        lease.write(lambda session: retention_settings.set_last_run(session, now()))
    finally:
        with suppress(*UNAVAILABLE):  # then it ends by itself
            lease.release()
    if gone or any(removed.values()):
        log.info("communication: removed old messages: %s; people who are no more: %d", removed, len(gone))
    return Outcome(removed, gone)


def _is_due(session: Session) -> bool:
    last = retention_settings.last_run(session)
    return last is None or last + EVERY <= now()


class _Stopping(Exception):
    pass


class Daily:
    """A thread that sleeps, and looks now and then whether a purge is due. What it does is done in the database's
    threads, batch by batch."""

    def __init__(self, database: Database, people: People, *, first_look: float = FIRST_LOOK_SECONDS) -> None:
        self._database = database
        self._people = people
        self._first_look = first_look
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="communication-purge", daemon=True)

    def start(self) -> None:
        """After the fork. Once."""
        self._thread.start()

    def stop(self) -> None:
        """Returns when the batch under way is stored. Before the database is closed."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        seconds = self._first_look
        while not self._stopping.wait(seconds):
            seconds = LOOK_SECONDS
            try:
                run(self._database, self._people, if_due=True, rest=self._rest)
            except _Stopping:
                return
            except (LeaseLost, *UNAVAILABLE) as error:
                log.warning("communication: the daily purge goes on in an hour: %s", in_short(error))
            except Exception:
                log.exception("communication: the daily purge failed")

    def _rest(self, seconds: float) -> None:
        if self._stopping.wait(seconds):
            raise _Stopping
