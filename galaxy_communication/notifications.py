"""Tells people who are not there that somebody has spoken to them, through Galaxy's own notifications.

At most one for each room until they have read it, and only as fast as Galaxy's database takes them: what would have to
wait for too long is left out, as it shows as unread at the next visit anyway.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Sequence

from sqlalchemy.orm import Session

from . import groups, people_queries, permissions, room_queries, schemas
from .chat import Chat
from .commands import Stored
from .errors import ChatError
from .models import EVERYBODY, Room

log = logging.getLogger(__name__)

#: Messages whose people are still to be told; those that come on top tell nobody.
MAX_WAITING = 500
EXCERPT_LENGTH = 200
#: What markdown may take for its own, and takes literally behind a backslash.
_PUNCTUATION, _ESCAPED = re.compile(r"[!-/:-@\[-`{-~]"), r"\\\g<0>"


class Notifier:
    """Lives on the event loop; works while there is something to do."""

    def __init__(self) -> None:
        self._waiting: deque[Stored] = deque()
        self._running: asyncio.Task[None] | None = None
        self.left_out = 0

    def hear(self, chat: Chat, batch: Sequence[Stored]) -> None:
        """Of every batch that was stored."""
        if not chat.host.notifies:
            return
        for stored in batch:
            if not stored.fresh or not stored.addressed:
                continue
            if len(self._waiting) >= MAX_WAITING:
                self.left_out += 1
                continue
            self._waiting.append(stored)
        if self._waiting and self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run(chat))

    async def _run(self, chat: Chat) -> None:
        try:
            while self._waiting:
                stored = self._waiting.popleft()
                try:
                    await notify(chat, stored)
                except ChatError as error:
                    log.warning("communication: nobody was notified of a message: %s", error.message)
                except Exception:
                    log.exception("communication: nobody was notified of a message")
        finally:
            self._running = None


async def notify(chat: Chat, stored: Stored) -> None:
    """Those whom a new message speaks to and who are not connected."""
    author_id = chat.decode_id(stored.message.user.id)
    room, candidates = await chat.database.read(lambda session: _spoken_to(session, stored, author_id))
    absent = [user_id for user_id in candidates if not chat.connections.is_connected(user_id)]
    if not absent:
        return
    if room.kind == "group":  # whoever has lost the group since must not read of it
        await groups.reconcile(chat, absent)
    welcome = await chat.database.in_thread(lambda: chat.host.chat_users(absent))

    def choose(session: Session) -> list[int]:
        allowed = welcome.keys() - people_queries.bans(session, welcome.keys()).keys()
        return list(people_queries.to_notify(session, room.id, stored.message.seq, author_id, allowed))

    if welcome and (chosen := await chat.database.write(choose)):
        subject, body = worded(stored.message, room, f"{chat.host.prefix}/communication")
        await chat.database.in_thread(lambda: chat.host.notify(chosen, subject, body))


def _spoken_to(session: Session, stored: Stored, author_id: int) -> tuple[Room, list[int]]:
    room = session.get_one(Room, stored.room_id)
    if EVERYBODY in stored.addressed and room.member_count <= permissions.MAX_ADDRESSED_BY_ANYBODY:
        everybody = room_queries.members(session, room.id, limit=permissions.MAX_ADDRESSED_BY_ANYBODY)
        return room, [member.user_id for member in everybody if member.user_id != author_id]
    return room, [user_id for user_id in stored.addressed if user_id not in (EVERYBODY, author_id)]


def worded(message: schemas.Message, room: Room, page: str) -> tuple[str, str]:
    """Subject and body, the latter in markdown.

    :param page: the address of the chat's page.
    """
    author = message.user.username or "Somebody"
    if message.acting_admin is not None:
        author += f" (by admin {message.acting_admin.username or 'unknown'})"
    subject = f"{author} wrote to you" if room.kind == "direct" else f"{author} mentioned you in {room.name}"
    shown = message.text[:EXCERPT_LENGTH] + (" …" if len(message.text) > EXCERPT_LENGTH else "")
    # All punctuation as it is: what somebody wrote is not to become a link or a picture in Galaxy's page.
    excerpt = "\n".join(f"> {_PUNCTUATION.sub(_ESCAPED, line)}" for line in shown.splitlines())
    return subject, f"{excerpt}\n\n[Open the chat]({page}?message={message.id})"
