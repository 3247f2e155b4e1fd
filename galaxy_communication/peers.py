"""Who is connected to the other processes, as they say on the bus.

Each process counts what it says of its people. A beat carries the count, so one who has missed something, or has just
come, sees that, asks, and is told everybody anew. Who is silent for three beats is gone, with all its people: beats of
one's own that came back, as who is deaf cannot tell.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Iterable
from typing import Any

from .bus import Bus, packed
from .presence import Connections, Whereabouts

#: Of one person, so that a hint stays small. Beyond it they may not be seen in some of them.
MAX_ROOMS = 500
MAX_SILENT = 3
#: Who is asked by several, answers all of them at once.
ANSWER_SECONDS = 1.0
#: Of one hint, in bytes: several people fit, and it fits into a publication.
MAX_CHUNK = 5000

#: A user's id and where they are; the id alone for who has gone.
Person = list[Any]


class Peers:
    """Lives on the event loop."""

    def __init__(self, connections: Connections, bus: Bus) -> None:
        self._connections = connections
        self._bus = bus
        self._said: dict[int, Whereabouts] = {}
        """What the others know of people here."""
        self._count = 0
        self._answered = -ANSWER_SECONDS
        self._counts: dict[str, int | None] = {}
        """By process: how much of what it has said of its people was heard; None where something was missed."""
        self._silent: dict[str, int] = {}
        """By process: beats that came back to this one since it was heard of."""
        self._echoed = 0.0
        """When, before its last beat, this process had heard itself."""
        if bus.joins:
            connections.changed = self._changed
        bus.beat = self._beat
        bus.on("alive", self._alive)
        bus.on("who", self._asked)
        bus.on("nobody", self._nobody)
        bus.on("people", self._people)
        bus.on("gone", self._gone)

    @property
    def heard(self) -> int:
        """How many other processes are, in any thread."""
        return len(self._silent)

    def _changed(self, user_ids: Collection[int]) -> None:
        changed: list[Person] = []
        for user_id in user_ids:
            now, before = self._connections.whereabouts(user_id), self._said.get(user_id)
            if now == before:
                continue
            if now is None:
                del self._said[user_id]
                changed.append([user_id])
            else:
                self._said[user_id] = now
                changed.append(_worded(user_id, now))
        self._say(changed)

    def _say(self, people: Iterable[Person]) -> None:
        """A thousand who come at once are a few hints."""
        for chunk in packed(people, lambda person: len(json.dumps(person)), MAX_CHUNK):
            self._count += 1
            self._bus.say("people", self._count, chunk)

    def _beat(self) -> None:
        self._bus.say("alive", self._count)
        if self._bus.echoed == self._echoed:
            return
        self._echoed = self._bus.echoed
        for worker in self._silent:
            self._silent[worker] += 1
        for worker in [worker for worker, beats in self._silent.items() if beats > MAX_SILENT]:
            self._gone(worker)

    def _alive(self, worker: str, count: int) -> None:
        self._silent[worker] = 0
        if self._counts.get(worker) != count:
            self._bus.say("who", worker)

    def _asked(self, _worker: str, asked: str) -> None:
        now = asyncio.get_running_loop().time()
        if asked != self._bus.worker or now - self._answered < ANSWER_SECONDS:
            return
        self._answered = now
        self._count += 1
        self._bus.say("nobody", self._count)
        self._say(_worded(user_id, whereabouts) for user_id, whereabouts in self._said.items())

    def _nobody(self, worker: str, count: int) -> None:
        """Of whom it does not speak next is not there."""
        self._connections.forget_worker(worker)
        self._silent[worker] = 0
        self._counts[worker] = count

    def _people(self, worker: str, count: int, people: list[Person]) -> None:
        known = self._counts.get(worker)
        if known is None or count != known + 1:
            self._counts[worker] = None
            return
        self._counts[worker] = count
        for user_id, *there in people:
            self._connections.put_elsewhere(worker, user_id, _read(*there) if there else None)

    def _gone(self, worker: str) -> None:
        self._counts.pop(worker, None)
        self._silent.pop(worker, None)
        self._connections.forget_worker(worker)


def _worded(user_id: int, there: Whereabouts) -> Person:
    return [user_id, there.username, there.away, there.shown, sorted(there.room_ids)[:MAX_ROOMS]]


def _read(username: str | None, away: bool, shown: bool, room_ids: list[int]) -> Whereabouts:
    return Whereabouts(username, away, shown, frozenset(room_ids))
