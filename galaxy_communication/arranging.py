"""Puts connections into the rooms that their users are in by now: joined or left elsewhere, removed, or lost with a
Galaxy group."""

from __future__ import annotations

from collections.abc import Collection

from . import room_queries, telling
from .chat import Chat
from .presence import Connection
from .schemas import RoomRemovedReason


async def rearrange(
    chat: Chat, connections: Collection[Connection], why: RoomRemovedReason = RoomRemovedReason.REMOVED
) -> None:
    """
    :param why: somebody is not in a room any more that is still there.
    """
    known = {connection: connection.room_ids for connection in connections if connection.ready}
    if not known:
        return
    users = {connection.identity.user_id for connection in known}
    joined = await chat.database.read(lambda session: room_queries.joined_rooms(session, users))
    left = {room_id for one, before in known.items() for room_id in before - joined[one.identity.user_id]}
    gone = await chat.database.read(lambda session: room_queries.removed(session, left)) if left else set()
    for connection, before in known.items():
        if connection.room_ids is not before:  # joined or left since, or told with another of the user's
            continue
        user_id = connection.identity.user_id
        for room_id in joined[user_id] - before:
            await telling.entered_here(chat, room_id, {user_id})
            await telling.updated_here(chat, room_id, {user_id})
        for room_id in before - joined[user_id]:
            reason = RoomRemovedReason.DELETED if room_id in gone else why
            await telling.removed_here(chat, room_id, user_id, reason)
