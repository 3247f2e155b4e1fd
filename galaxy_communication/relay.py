"""Hears on the bus what other processes have told their people, and tells those who are connected here what is so.

Lives on the event loop. What is heard waits in a line, each hint once, as looking it up takes its time.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from . import arranging, people, people_queries, telling
from .chat import Chat
from .errors import ChatError
from .moderation_schemas import Notice
from .schemas import RoomRemovedReason

log = logging.getLogger(__name__)

#: What is beyond is left to the rounds.
MAX_WAITING = 2000


class Relay:
    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._waiting: dict[str, Callable[[], Awaitable[None]]] = {}
        """In the order in which they came; what waits already is not worth a second look."""
        self._running: asyncio.Task[None] | None = None
        hearers: dict[str, Callable[..., Awaitable[None]]] = {
            "updated": self._updated,
            "members": self._members,
            "silence": self._silence,
            "moderators": self._moderators,
            "preferences": self._preferences,
        }
        for kind, hear in hearers.items():
            chat.bus.on(kind, self._queued(kind, hear))
        chat.bus.on("rooms", lambda _worker, heads: chat.catch_up.heard(heads))
        chat.bus.on("taken", lambda _worker, kind, user_id: chat.limits.note(kind, user_id))

    def _queued(self, kind: str, hear: Callable[..., Awaitable[None]]) -> Callable[..., None]:
        def queue(_worker: str, *values: Any) -> None:
            if len(self._waiting) >= MAX_WAITING:
                return
            self._waiting[json.dumps([kind, *values])] = lambda: hear(*values)
            if self._running is None:
                self._running = asyncio.get_running_loop().create_task(self._run())

        return queue

    async def _run(self) -> None:
        try:
            while self._waiting:
                hear = self._waiting.pop(next(iter(self._waiting)))
                try:
                    await hear()
                except ChatError as error:  # the database is busy: the rounds will find it
                    log.warning("communication: a hint of another process was left out: %s", error.message)
                except Exception:
                    log.exception("communication: a hint of another process could not be followed")
        finally:
            self._running = None

    async def _updated(self, room_id: int, user_ids: list[int] | None) -> None:
        await telling.updated_here(self._chat, room_id, user_ids)

    async def _members(self, room_id: int, user_ids: list[int] | None, why: str | None) -> None:
        connections = self._chat.connections
        if user_ids is None:
            concerned = connections.in_room(room_id)
        else:
            concerned = [connection for user_id in user_ids for connection in connections.of_user(user_id)]
        await arranging.rearrange(self._chat, concerned, RoomRemovedReason(why or RoomRemovedReason.REMOVED))

    async def _silence(self, user_id: int) -> None:
        if self._chat.connections.of_user(user_id):
            silence = await self._chat.database.read(lambda session: people_queries.silence(session, user_id))
            await telling.silence_here(self._chat, user_id, silence)

    async def _moderators(self, room_id: int, told: dict[str, Any], but: list[int]) -> None:
        await telling.moderators_here(self._chat, room_id, Notice.model_validate(told), but=set(but))

    async def _preferences(self, user_id: int) -> None:
        if here := self._chat.connections.of_user(user_id):
            person = here[0].identity
            ways = await self._chat.database.read(lambda session: people.ways(session, person))
            people.apply(self._chat, person, ways.preferences)
