"""Who is connected, in which rooms, and telling the others about it, in batches.

Those who are connected to this process are connections; of other processes there is one stand-in for each person, which
counts for who is online and is otherwise nobody's to send to.

What it costs grows with the rooms: a change is told in each room that its person is in, and not in those where more
than `ROOM_CAP` people are connected. Nobody is told everything about everybody.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from .identity import Identity
from .schemas import PresenceStatus

#: Changes are gathered for this long: a reload is not worth a word, and a thousand reconnects are one frame.
BATCH_SECONDS = 1.0
#: In a room with more connections than this, who comes, goes or types is not told.
ROOM_CAP = 200
#: Seconds in which one connection's typing in one room is told once.
TYPING_SECONDS = 2.0

Changes = Mapping[int, list[tuple[Identity, PresenceStatus]]]


@dataclass(eq=False, slots=True)
class Connection:
    sid: str
    identity: Identity
    ready: bool = False
    """It has been told its rooms; before that, it is told nothing of them."""
    away: bool = False
    tells_typing: bool = True
    silence_id: int | None = None
    """Of the silence that it was last told."""
    room_ids: set[int] = field(default_factory=set)
    """The rooms whose events it is sent; changed by `Connections.move` alone."""
    typed: dict[int, float] = field(default_factory=dict)
    """By room: when its typing was last told, on the event loop's clock."""
    worker: str | None = None
    """The other process in which somebody is for whom this stands in."""


@dataclass(frozen=True)
class Whereabouts:
    """Somebody in this process, all their connections together."""

    username: str | None
    away: bool
    shown: bool
    room_ids: frozenset[int]


class Connections:
    """Lives on the event loop.

    :param announce: given, by room, the users whose status changed, and their status now.
    """

    def __init__(self, announce: Callable[[Changes], None]) -> None:
        self._announce = announce
        self.changed: Callable[[Collection[int]], None] = lambda user_ids: None
        """Given, with each batch, the users of whom something has changed, wherever they are."""
        self._by_sid: dict[str, Connection] = {}
        self._elsewhere: dict[tuple[str, int], Connection] = {}
        """By process and user."""
        self._by_user: dict[int, list[Connection]] = {}
        self._in_room: dict[int, set[Connection]] = {}
        self._hidden: set[int] = set()
        """Users who do not want to be seen."""
        self._announced: dict[int, PresenceStatus] = {}
        self._changed: dict[int, tuple[Identity, set[int]]] = {}
        """By user: who it is, and the rooms that they were in when they went."""
        self._seen: set[int] = set()
        """Users whom a newcomer was shown before they were announced."""
        self._pending: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._by_sid)

    def people(self) -> int:
        """How many are connected here, seen by others or not."""
        return len({connection.identity.user_id for connection in self._by_sid.values()})

    def people_everywhere(self) -> int:
        return len(self._by_user)

    def add(self, connection: Connection) -> None:
        self._by_sid[connection.sid] = connection
        self._by_user.setdefault(connection.identity.user_id, []).append(connection)

    def remove(self, sid: str) -> Connection | None:
        if (connection := self._by_sid.pop(sid, None)) is not None:
            self._forget(connection)
        return connection

    def _forget(self, connection: Connection) -> None:
        others = self._by_user[connection.identity.user_id]
        others.remove(connection)
        if not others:
            del self._by_user[connection.identity.user_id]
        self._note(connection.identity, connection.room_ids)
        self._place(connection, set())

    def move(self, connection: Connection, room_ids: Collection[int]) -> None:
        """From now on the connection is in these rooms. One that is gone is in none."""
        self._place(connection, set(room_ids) if connection.sid in self._by_sid else set())

    def _place(self, connection: Connection, wanted: set[int]) -> None:
        for room_id in connection.room_ids - wanted:
            self._in_room[room_id].discard(connection)
            if not self._in_room[room_id]:
                del self._in_room[room_id]
        for room_id in wanted - connection.room_ids:
            self._in_room.setdefault(room_id, set()).add(connection)
        connection.room_ids = wanted
        if wanted:
            self._note(connection.identity)

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def all(self) -> list[Connection]:
        return list(self._by_sid.values())

    def of_user(self, user_id: int) -> list[Connection]:
        return [connection for connection in self._by_user.get(user_id, ()) if connection.worker is None]

    def in_room(self, room_id: int) -> list[Connection]:
        return [connection for connection in self._in_room.get(room_id, ()) if connection.worker is None]

    def around(self, room_id: int) -> set[Identity]:
        """Who is in it, here or elsewhere."""
        return {connection.identity for connection in self._in_room.get(room_id, ())}

    def has_room(self, room_id: int) -> bool:
        """Whether anybody here is in it."""
        return any(connection.worker is None for connection in self._in_room.get(room_id, ()))

    def rooms(self) -> set[int]:
        """Those that anybody here is in."""
        return {room_id for room_id in self._in_room if self.has_room(room_id)}

    def is_connected(self, user_id: int) -> bool:
        """Here or elsewhere."""
        return user_id in self._by_user

    # Other processes

    def whereabouts(self, user_id: int) -> Whereabouts | None:
        """None for somebody who is not here."""
        if not (here := self.of_user(user_id)):
            return None
        away = all(connection.away for connection in here)
        room_ids = frozenset[int]().union(*(connection.room_ids for connection in here))
        return Whereabouts(here[0].identity.username, away, user_id not in self._hidden, room_ids)

    def put_elsewhere(self, worker: str, user_id: int, there: Whereabouts | None) -> None:
        """Where somebody is in another process; None where they have left it."""
        key = worker, user_id
        if there is None:
            if (connection := self._elsewhere.pop(key, None)) is not None:
                self._forget(connection)
            return
        if (connection := self._elsewhere.get(key)) is None:
            connection = self._elsewhere[key] = Connection("", Identity(user_id, there.username, False), worker=worker)
            self._by_user.setdefault(user_id, []).append(connection)
        connection.away = there.away
        (self._hidden.discard if there.shown else self._hidden.add)(user_id)
        self._place(connection, set(there.room_ids))
        self._note(connection.identity)

    def forget_worker(self, worker: str) -> None:
        """A process is no more."""
        for key in [key for key in self._elsewhere if key[0] == worker]:
            self.put_elsewhere(*key, None)

    # Presence

    def online(self, viewer: Connection) -> list[Identity]:
        """Whom the viewer is shown as online, themselves among them."""
        rooms = (self._in_room[room_id] for room_id in viewer.room_ids)
        around = {one.identity.user_id: one.identity for room in rooms if len(room) <= ROOM_CAP for one in room}
        around[viewer.identity.user_id] = viewer.identity
        shown = [identity for user_id, identity in around.items() if self.status(user_id) != "offline"]
        self._seen |= {identity.user_id for identity in shown} & self._changed.keys()
        return shown

    def set_away(self, connection: Connection, away: bool) -> None:
        connection.away = away
        self._note(connection.identity)

    def set_shown(self, identity: Identity, shown: bool) -> None:
        """Whether others see that this user is there; themselves they see always."""
        if shown:
            self._hidden.discard(identity.user_id)
        else:
            self._hidden.add(identity.user_id)
        self._note(identity)

    def status(self, user_id: int) -> PresenceStatus:
        """As others are told."""
        connections = self._by_user.get(user_id)
        if not connections or user_id in self._hidden:
            return "offline"
        return "away" if all(connection.away for connection in connections) else "online"

    def may_tell_typing(self, connection: Connection, room_id: int) -> bool:
        """Whether this is worth telling; notes that it was told."""
        now = asyncio.get_running_loop().time()
        if not connection.tells_typing or len(self._in_room.get(room_id, ())) > ROOM_CAP:
            return False
        if now - connection.typed.get(room_id, -TYPING_SECONDS) < TYPING_SECONDS:
            return False
        connection.typed[room_id] = now
        return True

    def _note(self, identity: Identity, left: Iterable[int] = ()) -> None:
        _, before = self._changed.get(identity.user_id, (identity, set()))
        self._changed[identity.user_id] = identity, before.union(left)
        if self._pending is None:
            self._pending = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._pending = None
        told: dict[int, list[tuple[Identity, PresenceStatus]]] = {}
        for user_id, (identity, left) in self._changed.items():
            status, everywhere = self.status(user_id), self._by_user.get(user_id, ())
            before = self._announced.get(user_id, "online" if user_id in self._seen else "offline")
            if status != before or (status == "online" and user_id not in self._announced):
                for room_id in self._audience(left.union(*(one.room_ids for one in everywhere))):
                    told.setdefault(room_id, []).append((identity, status))
            if status == "offline":
                self._announced.pop(user_id, None)
            else:
                self._announced[user_id] = status
            if user_id not in self._by_user:
                self._hidden.discard(user_id)
        self.changed(self._changed.keys())
        self._changed.clear()
        self._seen.clear()
        if told:
            self._announce(told)

    def _audience(self, room_ids: Collection[int]) -> list[int]:
        """Rooms that together reach everybody to be told, without those that would only repeat it."""
        reached: set[Connection] = set()
        chosen = []
        rooms = [(room_id, self._in_room[room_id]) for room_id in room_ids if room_id in self._in_room]
        for room_id, connections in sorted(rooms, key=lambda room: -len(room[1])):
            if len(connections) <= ROOM_CAP and not connections <= reached:
                chosen.append(room_id)
                reached |= connections
        return chosen
