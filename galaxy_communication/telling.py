"""Tells those who are connected what became of a room and of its members. After the commit, always.

What ends in ``_here`` tells those of this process; the others say it on the bus as well. Who hears it there (`relay`)
looks up what is so by then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Set

from sqlalchemy.orm import Session

from . import glances, room_queries, schemas, views
from .broadcast import room_audience, user_audience
from .chat import Chat
from .events import NOTICE, ROOM_MEMBER, ROOM_REMOVED, ROOM_UPDATED, SILENCE
from .models import Room
from .moderation_models import Sanction
from .moderation_schemas import Notice
from .schemas import RoomRemovedReason
from .views import Glance


async def worded(chat: Chat, glance: Glance) -> schemas.Room:
    """A room as its viewer sees it, for the viewer alone."""
    (view,) = await chat.database.in_thread(lambda: chat.views.rooms([glance]))
    return view


async def updated(chat: Chat, room_id: int, user_ids: Collection[int] | None = None) -> None:
    """The room as each of its members sees it, to all of them or to these."""
    chat.bus.say("updated", room_id, user_ids)
    await updated_here(chat, room_id, user_ids)


async def updated_here(chat: Chat, room_id: int, user_ids: Collection[int] | None = None) -> None:
    viewers = {connection.identity.user_id: connection.identity for connection in chat.connections.in_room(room_id)}
    if user_ids is not None:
        viewers = {user_id: viewers[user_id] for user_id in user_ids if user_id in viewers}
    if not viewers:
        return

    def read(session: Session) -> list[Glance]:
        room = session.get(Room, room_id)
        return glances.of_room(session, room, viewers.values()) if room is not None else []

    def present(found: list[Glance]) -> list[tuple[Glance, schemas.Room]]:
        return list(zip(found, chat.views.rooms(found), strict=True))

    for glance, view in await chat.database.read_then(read, present):
        chat.broadcast.revisions[room_id] = glance.room.revision
        _to_devices_here(chat, glance.viewer.user_id, view)


def to_devices(chat: Chat, user_id: int, view: schemas.Room) -> None:
    """A room as its viewer sees it, to all the places where they are connected."""
    chat.bus.say("updated", chat.host.decode_id(view.id), [user_id])
    _to_devices_here(chat, user_id, view)


def _to_devices_here(chat: Chat, user_id: int, view: schemas.Room) -> None:
    chat.broadcast.send(ROOM_UPDATED, schemas.RoomUpdated(room=view), user_audience(user_id))


async def silence(chat: Chat, user_id: int, sanction: Sanction | None) -> None:
    """Whether somebody may write has changed, and with it every room that they are in. A silence comes first and goes
    last, so that no room is closed to them without a reason that they know."""
    chat.bus.say("silence", user_id)
    await silence_here(chat, user_id, sanction)


async def silence_here(chat: Chat, user_id: int, sanction: Sanction | None) -> None:
    connections = chat.connections.of_user(user_id)
    if not connections:
        return
    for connection in connections:
        connection.silence_id = sanction.id if sanction is not None else None
    told = schemas.SilenceUpdated(silence=views.silence(sanction))
    if sanction is not None:
        chat.broadcast.send(SILENCE, told, user_audience(user_id))
    for room_id in {room_id for connection in connections for room_id in connection.room_ids}:
        await updated_here(chat, room_id, {user_id})
    if sanction is None:
        chat.broadcast.send(SILENCE, told, user_audience(user_id))


def notice(chat: Chat, user_id: int, told: Notice) -> None:
    chat.broadcast.everywhere(NOTICE, told, user_audience(user_id))


async def moderators(chat: Chat, room_id: int, told: Notice, *, but: Set[int]) -> None:
    """Those of the room, and administrators, who are connected."""
    chat.bus.say("moderators", room_id, told, but)
    await moderators_here(chat, room_id, told, but=but)


async def moderators_here(chat: Chat, room_id: int, told: Notice, *, but: Set[int]) -> None:
    connected = {connection.identity for connection in chat.connections.all() if connection.ready}
    roles = await chat.database.read(lambda session: room_queries.moderators(session, room_id))
    concerned = {one.user_id for one in connected if one.is_admin or one.user_id in roles}
    for user_id in concerned - but:
        chat.broadcast.send(NOTICE, told, user_audience(user_id))


async def entered(chat: Chat, room_id: int, user_ids: Collection[int]) -> None:
    """From now on they hear the room."""
    chat.bus.say("members", room_id, user_ids, None)
    await entered_here(chat, room_id, user_ids)


async def entered_here(chat: Chat, room_id: int, user_ids: Iterable[int]) -> None:
    present = [connection for user_id in user_ids for connection in chat.connections.of_user(user_id)]
    for connection in present:
        chat.connections.move(connection, connection.room_ids | {room_id})
        await chat.broadcast.subscribe(connection.sid, room_audience(room_id))
    if present and room_id not in chat.broadcast.told:
        heads = await chat.database.read(lambda session: room_queries.head_seqs(session, {room_id}))
        chat.broadcast.told.setdefault(room_id, heads[room_id][0])


async def removed(chat: Chat, room_id: int, user_id: int, reason: RoomRemovedReason) -> None:
    chat.bus.say("members", room_id, [user_id], reason)
    await removed_here(chat, room_id, user_id, reason)


async def dissolved(chat: Chat, room_id: int) -> None:
    """A room is no more."""
    chat.bus.say("members", room_id, None, RoomRemovedReason.DELETED)
    for user_id in {connection.identity.user_id for connection in chat.connections.in_room(room_id)}:
        await removed_here(chat, room_id, user_id, RoomRemovedReason.DELETED)


async def removed_here(chat: Chat, room_id: int, user_id: int, reason: RoomRemovedReason) -> None:
    for connection in chat.connections.of_user(user_id):
        chat.connections.move(connection, connection.room_ids - {room_id})
        await chat.broadcast.unsubscribe(connection.sid, room_audience(room_id))
    notice = schemas.RoomRemoved(room_id=chat.host.encode_id(room_id), reason=reason)
    chat.broadcast.send(ROOM_REMOVED, notice, user_audience(user_id))


def member(chat: Chat, room_id: int, user: schemas.User, *, joined: bool) -> None:
    """Somebody came or went, to the members alone."""
    notice = schemas.RoomMember(room_id=chat.host.encode_id(room_id), user=user, joined=joined)
    chat.broadcast.everywhere(ROOM_MEMBER, notice, room_audience(room_id))
