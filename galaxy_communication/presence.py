"""Who is connected to this process, and telling the others about it, in batches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from .permissions import Identity
from .schemas import PresenceStatus

#: Changes are gathered for this long: a reload is not worth a word, and a thousand reconnects are one frame.
BATCH_SECONDS = 1.0


@dataclass(eq=False, slots=True)
class Connection:
    sid: str
    identity: Identity
    away: bool = False
    room_ids: set[int] = field(default_factory=set)
    """The rooms whose events it is sent."""


class Connections:
    """Lives on the event loop.

    :param announce: given the users whose status changed, and their status now.
    """

    def __init__(self, announce: Callable[[list[tuple[Identity, PresenceStatus]]], None]) -> None:
        self._announce = announce
        self._by_sid: dict[str, Connection] = {}
        self._by_user: dict[int, list[Connection]] = {}
        self._announced: dict[int, PresenceStatus] = {}
        self._changed: dict[int, Identity] = {}
        self._pending: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._by_sid)

    def add(self, connection: Connection) -> None:
        self._by_sid[connection.sid] = connection
        self._by_user.setdefault(connection.identity.user_id, []).append(connection)
        self._note(connection.identity)

    def remove(self, sid: str) -> Connection | None:
        if (connection := self._by_sid.pop(sid, None)) is None:
            return None
        others = self._by_user[connection.identity.user_id]
        others.remove(connection)
        if not others:
            del self._by_user[connection.identity.user_id]
        self._note(connection.identity)
        return connection

    def get(self, sid: str) -> Connection | None:
        return self._by_sid.get(sid)

    def all(self) -> list[Connection]:
        return list(self._by_sid.values())

    def of_user(self, user_id: int) -> list[Connection]:
        return list(self._by_user.get(user_id, ()))

    def online(self) -> list[Identity]:
        return [connections[0].identity for connections in self._by_user.values()]

    def set_away(self, connection: Connection, away: bool) -> None:
        connection.away = away
        self._note(connection.identity)

    def status(self, user_id: int) -> PresenceStatus:
        connections = self._by_user.get(user_id)
        if not connections:
            return "offline"
        return "away" if all(connection.away for connection in connections) else "online"

    def _note(self, identity: Identity) -> None:
        self._changed[identity.user_id] = identity
        if self._pending is None:
            self._pending = asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush)

    def _flush(self) -> None:
        self._pending = None
        changes = []
        for user_id, identity in self._changed.items():
            status = self.status(user_id)
            if status != self._announced.get(user_id, "offline"):
                changes.append((identity, status))
            if status == "offline":
                self._announced.pop(user_id, None)
            else:
                self._announced[user_id] = status
        self._changed.clear()
        if changes:
            self._announce(changes)
