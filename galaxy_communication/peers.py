"""Who is connected to the other processes, as they say on the bus.

Each process counts what it says of its people. A beat carries the count, so one who has missed something, or has just
come, sees that, asks, and is told everybody anew. Who is silent for three beats is gone, with all its people.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from typing import Any

from .bus import SILENCE_SECONDS, Bus
from .presence import Connections, Whereabouts

#: Of one person, so that a hint stays small. Beyond it they may not be seen in some of them.
MAX_ROOMS = 500
#: Who is asked by several, answers all of them at once.
ANSWER_SECONDS = 1.0


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
        self._heard_at: dict[str, float] = {}
        if bus.joins:
            connections.changed = self._changed
        bus.beat = self._beat
        bus.on("alive", self._alive)
        bus.on("who", self._asked)
        bus.on("nobody", self._nobody)
        bus.on("person", self._person)
        bus.on("gone", self._gone)

    def _changed(self, user_ids: Collection[int]) -> None:
        for user_id in user_ids:
            now = self._connections.whereabouts(user_id)
            if now != self._said.get(user_id):
                self._say(user_id, now)

    def _say(self, user_id: int, now: Whereabouts | None) -> None:
        self._count += 1
        if now is None:
            del self._said[user_id]
            self._bus.say("person", self._count, user_id)
        else:
            self._said[user_id] = now
            rooms = sorted(now.room_ids)[:MAX_ROOMS]
            self._bus.say("person", self._count, user_id, now.username, now.away, now.shown, rooms)

    def _beat(self) -> None:
        self._bus.say("alive", self._count)
        now = asyncio.get_running_loop().time()
        for worker in [worker for worker, at in self._heard_at.items() if now - at > SILENCE_SECONDS]:
            self._gone(worker)

    def _alive(self, worker: str, count: int) -> None:
        self._heard_at[worker] = asyncio.get_running_loop().time()
        if self._counts.get(worker) != count:
            self._bus.say("who", worker)

    def _asked(self, _worker: str, asked: str) -> None:
        now = asyncio.get_running_loop().time()
        if asked != self._bus.worker or now - self._answered < ANSWER_SECONDS:
            return
        self._answered = now
        self._count += 1
        self._bus.say("nobody", self._count)
        for user_id, whereabouts in self._said.items():
            self._say(user_id, whereabouts)

    def _nobody(self, worker: str, count: int) -> None:
        """Of whom it does not speak next is not there."""
        self._connections.forget_worker(worker)
        self._heard_at[worker] = asyncio.get_running_loop().time()
        self._counts[worker] = count

    def _person(self, worker: str, count: int, user_id: int, *there: Any) -> None:
        known = self._counts.get(worker)
        if known is None or count != known + 1:
            self._counts[worker] = None
            return
        self._counts[worker] = count
        if not there:
            self._connections.put_elsewhere(worker, user_id, None)
            return
        username, away, shown, rooms = there
        self._connections.put_elsewhere(worker, user_id, Whereabouts(username, away, shown, frozenset(rooms)))

    def _gone(self, worker: str) -> None:
        self._counts.pop(worker, None)
        self._heard_at.pop(worker, None)
        self._connections.forget_worker(worker)
