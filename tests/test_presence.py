"""Who is told that somebody is there: those in their rooms, nobody twice, and nobody where there are too many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, ClassVar

import pytest
from socketio.async_pubsub_manager import AsyncPubSubManager

from galaxy_communication import presence
from galaxy_communication.bus import Bus
from galaxy_communication.identity import Identity
from galaxy_communication.peers import Peers
from galaxy_communication.presence import Changes, Connection, Connections

Told = list[tuple[int, list[tuple[int, str]]]]


class Place:
    """Connections, and what they announce, without waiting for the batch's time."""

    def __init__(self) -> None:
        self.told: list[Changes] = []
        self.connections = Connections(self.told.append)
        self._sids = iter(range(10_000))

    def enter(self, user_id: int, *room_ids: int) -> Connection:
        connection = Connection(str(next(self._sids)), Identity(user_id, f"user-{user_id}", False))
        self.connections.add(connection)
        self.connections.move(connection, room_ids)
        return connection

    async def announced(self) -> Told:
        """By room, the users and their status, of the batch that is due."""
        flushed = asyncio.Event()
        asyncio.get_running_loop().call_later(0.001, flushed.set)  # after the batch, which is due at once
        await flushed.wait()
        changes = {room_id: people for batch in self.told for room_id, people in batch.items()}
        self.told.clear()
        return [
            (room_id, sorted((identity.user_id, status) for identity, status in people))
            for room_id, people in sorted(changes.items())
        ]


def in_a_loop(test: Callable[[Place], Coroutine[Any, Any, None]]) -> Callable[[pytest.MonkeyPatch], None]:
    def run(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(presence, "BATCH_SECONDS", 0.0)

        async def live() -> None:
            await test(Place())

        asyncio.run(live())

    return run


@in_a_loop
async def test_a_change_is_told_in_the_rooms_that_reach_everybody(place: Place) -> None:
    place.enter(1, 10, 20)
    place.enter(2, 10)
    place.enter(3, 30)
    await place.announced()
    place.enter(4, 10, 20)
    assert await place.announced() == [(10, [(4, "online")])], "room 20 would only repeat it"
    place.enter(5, 20, 30)
    assert await place.announced() == [(20, [(5, "online")]), (30, [(5, "online")])]


@in_a_loop
async def test_who_goes_is_missed_where_they_were(place: Place) -> None:
    place.enter(1, 10)
    gone = place.enter(2, 10, 20)
    await place.announced()
    place.connections.remove(gone.sid)
    assert await place.announced() == [(10, [(2, "offline")])]
    assert place.connections.rooms() == {10}


@in_a_loop
async def test_a_reload_is_not_worth_a_word(place: Place) -> None:
    place.enter(1, 10)
    first = place.enter(2, 10)
    await place.announced()
    place.connections.remove(first.sid)
    place.enter(2, 10)
    assert await place.announced() == []


@in_a_loop
async def test_one_is_away_where_all_ones_tabs_are(place: Place) -> None:
    place.enter(1, 10)
    tabs = [place.enter(2, 10), place.enter(2, 10)]
    await place.announced()
    place.connections.set_away(tabs[0], True)
    assert await place.announced() == []
    place.connections.set_away(tabs[1], True)
    assert await place.announced() == [(10, [(2, "away")])]


@in_a_loop
async def test_who_does_not_want_to_be_seen_is_not(place: Place) -> None:
    viewer = place.enter(1, 10)
    hidden = place.enter(2, 10)
    await place.announced()
    place.connections.set_shown(hidden.identity, False)
    assert await place.announced() == [(10, [(2, "offline")])]
    assert [identity.user_id for identity in place.connections.online(viewer)] == [1]
    place.connections.set_away(hidden, True)
    assert await place.announced() == []
    place.connections.set_shown(hidden.identity, True)
    assert await place.announced() == [(10, [(2, "away")])]


@in_a_loop
async def test_who_was_shown_to_a_newcomer_and_goes_at_once_is_missed(place: Place) -> None:
    gone = place.enter(2, 10)
    viewer = place.enter(1, 10)
    assert {identity.user_id for identity in place.connections.online(viewer)} == {1, 2}
    place.connections.remove(gone.sid)
    assert (2, "offline") in dict(await place.announced())[10]


@in_a_loop
async def test_a_room_with_too_many_is_told_nothing(place: Place) -> None:
    viewer = place.enter(1, 10, 20)
    for user_id in range(2, presence.ROOM_CAP + 2):
        last = place.enter(user_id, 10)
    await place.announced()
    place.enter(5000, 10, 20)
    assert await place.announced() == [(20, [(5000, "online")])]
    assert {identity.user_id for identity in place.connections.online(viewer)} == {1, 5000}
    assert not place.connections.may_tell_typing(last, 10)


@in_a_loop
async def test_typing_is_told_once_in_a_while_and_by_those_who_want(place: Place) -> None:
    connection = place.enter(1, 10, 20)
    assert place.connections.may_tell_typing(connection, 10)
    assert not place.connections.may_tell_typing(connection, 10)
    assert place.connections.may_tell_typing(connection, 20)
    silent = place.enter(2, 10)
    silent.tells_typing = False
    assert not place.connections.may_tell_typing(silent, 10)


class Wire(AsyncPubSubManager):  # type: ignore[misc]  # python-socketio is untyped
    """Joins the processes of one event loop."""

    lines: ClassVar[list[asyncio.Queue[str]]] = []

    async def _publish(self, text: str) -> None:
        assert len(text.encode()) < 8000, "PostgreSQL would not take it"
        for line in self.lines:
            line.put_nowait(text)

    async def _listen(self) -> AsyncIterator[str]:
        line: asyncio.Queue[str] = asyncio.Queue()
        self.lines.append(line)
        while True:
            yield await line.get()


@in_a_loop
async def test_thousands_who_come_at_once_are_known_elsewhere(place: Place) -> None:
    here, there = place.connections, Connections(lambda _: None)
    buses = Bus("redis", Wire), Bus("redis", Wire)
    for connections, bus in zip((here, there), buses, strict=True):
        Peers(connections, bus)
        bus.start()
    watcher = Connection("watcher", Identity(1, "user-1", False))
    there.add(watcher)
    there.move(watcher, {10, 20})
    everybody = [place.enter(user_id, 10, 10_000 + user_id) for user_id in range(2, 10_002)]

    async def counted(count: int) -> None:
        while there.people_everywhere() != count:  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.01)

    await asyncio.wait_for(counted(1 + len(everybody)), 20)
    for one in everybody[1:]:
        here.remove(one.sid)
    await asyncio.wait_for(counted(2), 20)
    assert there.status(2) == "online"
    await asyncio.gather(*(bus.stop() for bus in buses))


@in_a_loop
async def test_only_who_hears_itself_can_tell_that_others_are_gone(place: Place) -> None:
    Wire.lines.clear()
    there = Connections(lambda _: None)
    speaker, listener = buses = Bus("redis", Wire), Bus("redis", Wire)
    for connections, bus in zip((place.connections, there), buses, strict=True):
        Peers(connections, bus)
        bus.start()
    place.enter(2, 10)
    while not there.is_connected(2):  # noqa: ASYNC110  # nobody tells
        await asyncio.sleep(0.01)

    line = Wire.lines.pop()  # deaf
    said = listener.published
    for _ in range(10):
        listener.beat()
        while listener.published == said:  # noqa: ASYNC110
            await asyncio.sleep(0)
        said = listener.published
    assert there.is_connected(2)

    Wire.lines.append(line)
    beats = 0
    while there.is_connected(2):
        heard = listener.echoed
        listener.beat()
        beats += 1
        while listener.echoed == heard:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert beats > 3
    assert speaker.is_working
    await asyncio.gather(*(bus.stop() for bus in buses))
