"""Those who read: one reducer for live and replayed changes, and `sync` where there is a hole."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

from .client import Client
from .connection import Connection, Json, Refused, first_of

SYNC_SECONDS = 60.0
#: Frames that came after a hole and wait for `sync` to fill it; more than these are left to `sync` as well.
AHEAD = 1000


class Replica:
    """One room as a client has it: the newest messages by id, and the number up to which all changes are applied."""

    def __init__(self) -> None:
        self.messages: dict[str, Json] = {}
        self.applied = 0
        self.complete_from = 0
        """Messages with smaller numbers were left out by the last page that replaced the state."""
        self.order: list[int] = []
        """All numbers ever applied, as they were."""
        self.created: Counter[tuple[str, str]] = Counter()
        """How often a message was put up, by what makes it one: its author and client id."""
        self.faults: list[str] = []
        """What no client should ever see."""
        self.ahead: list[Json] = []
        """Frames."""
        self.known_head = 0

    @property
    def behind(self) -> bool:
        return self.known_head > self.applied

    def receive(self, frame: Json) -> int:
        """A live one; the number of its changes that were known before."""
        known = len([event for event in frame["events"] if event["seq"] <= self.applied])
        if len(self.ahead) < AHEAD:
            self.ahead.append(frame)
        self.known_head = max(self.known_head, frame["head_seq"])
        self._catch_up()
        return known

    def recover(self, events: Iterable[Json], head_seq: int) -> None:
        """The whole gap: each message that has changed once, so numbers in between may be missing."""
        self._continue(events, head_seq)
        self._catch_up()

    def replace(self, events: Iterable[Json], head_seq: int) -> None:
        """The newest page, which is the state now."""
        if head_seq <= self.applied:  # older than what we have
            self.faults.append(f"a page up to {head_seq} for one who has applied {self.applied}")
            return
        messages = [event["message"] for event in events]
        self.messages = {message["id"]: message for message in messages}
        self.complete_from = min((message["seq"] for message in messages), default=0)
        self.applied = head_seq
        self.order.append(head_seq)
        self._catch_up()

    def _catch_up(self) -> None:
        """Apply the frames that leave no hole."""
        while fitting := [frame for frame in self.ahead if frame["after_seq"] <= self.applied]:
            self.ahead = [frame for frame in self.ahead if frame["after_seq"] > self.applied]
            for frame in fitting:
                self._continue(frame["events"], frame["head_seq"])
        self.known_head = max(self.known_head, self.applied)

    def _continue(self, events: Iterable[Json], head_seq: int) -> None:
        for event in events:
            if event["seq"] > self.applied:
                self._apply(event)
        self.applied = max(self.applied, head_seq)

    def _apply(self, event: Json) -> None:
        message = event["message"]
        here, shown = message["id"] in self.messages, message["seq"] >= self.complete_from
        if event["type"] == "message.created" and not here:
            self.created[message["user"]["id"], message["client_id"]] += 1
        elif event["type"] == "message.updated" and shown and not here:
            self.faults.append(f"message.updated of {message['id']}, which was never created")
        if here or shown:
            self.messages[message["id"]] = message
        self.applied = event["seq"]
        self.order.append(event["seq"])


class Reader(Client):
    def __init__(self, *client: Any) -> None:
        super().__init__(*client)
        self.replicas = {room_id: Replica() for room_id in self.account.rooms}
        self.sightings: dict[tuple[str, int], set[tuple[str, str]]] = {}
        """By room and number: the messages, and their client ids, that were said to have changed then. One."""
        self.stopping = False
        self.latest_heard = 0.0
        self._wake = asyncio.Event()

    @property
    def finished(self) -> bool:
        return self.stopping

    def stop(self) -> None:
        self.stopping = True
        self._wake.set()

    def heard(self, event: str, payload: Json) -> None:
        if event != "room.events" or payload["room_id"] not in self.replicas:
            return
        self.latest_heard = time.monotonic()
        replica, events = self.replicas[payload["room_id"]], payload["events"]
        if not events or events[0]["seq"] <= payload["after_seq"]:
            replica.faults.append(f"a live frame that does not begin where it says: {payload}")
        self._sight(payload["room_id"], events, payload["head_seq"])
        self.counts.live += len(events)
        self.counts.known += replica.receive(payload)
        if replica.behind:
            self._wake.set()

    async def converse(self, connection: Connection) -> None:
        self._wake.set()  # after every connection: what was missed in between
        while not self.finished:
            waiting = asyncio.ensure_future(self._wake.wait())
            await first_of(waiting, connection.ended)
            waiting.cancel()
            if self.finished:
                return
            if not connection.ended.done():
                self._wake.clear()
            await self._sync(connection)
            if any(replica.behind for replica in self.replicas.values()):
                self._wake.set()

    async def _sync(self, connection: Connection) -> None:
        asked = {room_id: replica.applied for room_id, replica in self.replicas.items()}
        try:
            ack = await connection.ask("sync", {"rooms": asked}, SYNC_SECONDS)
        except Refused as refusal:
            self.counts.refused[refusal.code] += 1
            await first_of(connection.ended, timeout=refusal.retry_after)
            self._wake.set()
            return
        for room_id, replica in self.replicas.items():
            gap = ack["rooms"].get(room_id)
            if gap is None:
                replica.faults.append("sync says nothing of a room that was asked for")
                continue
            self._sight(room_id, gap["events"], gap["head_seq"])
            self.counts.replayed += len(gap["events"])
            if gap["recovered"]:
                self.counts.recovered += 1
                replica.recover(gap["events"], gap["head_seq"])
            else:
                self.counts.replaced += 1
                replica.replace(gap["events"], gap["head_seq"])

    def _sight(self, room_id: str, events: list[Json], head_seq: int) -> None:
        seqs = [event["seq"] for event in events]
        if seqs != sorted(set(seqs)) or max(seqs, default=0) > head_seq:
            self.replicas[room_id].faults.append(f"numbers {seqs} with the head {head_seq}")
        for event in events:
            message = event["message"]
            if event["seq"] != message["changed_seq"] or message["room_id"] != room_id:
                self.replicas[room_id].faults.append(f"{event['seq']} does not fit its message {message}")
            seen = self.sightings.setdefault((room_id, event["seq"]), set())
            seen.add((message["id"], message["client_id"]))
