"""Rooms: listing them, joining, leaving, how far one has read."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from . import broadcast, permissions, queries, schemas, text
from .chat import Chat
from .errors import Invalid, NotFound
from .events import ROOM_MEMBER, ROOM_REMOVED, ROOM_UPDATED
from .models import Membership, Room
from .permissions import Identity

#: The original's name for everybody's room.
LOBBY_NAME = "All Chats"


def arrange_configured(session: Session, persistent: Collection[str]) -> None:
    """At start: the lobby, and the persistent rooms as ``galaxy.yml`` names them now.

    A room that it no longer names is archived, with its history; one that it names again comes back.
    """
    if not queries.rooms_of_kind(session, "lobby"):
        queries.add_room(session, "lobby", LOBBY_NAME, text.name_key(LOBBY_NAME))
    wanted = {text.name_key(name): name for name in persistent}
    existing = {room.name_key or "": room for room in queries.rooms_of_kind(session, "persistent")}
    for key, name in wanted.items():
        if key not in existing and queries.room_by_name_key(session, key) is None:
            queries.add_room(session, "persistent", name, key)
    for key, room in existing.items():
        if (room.archived_at is None) != (key in wanted):
            queries.set_archived(session, room, archived=key not in wanted)


async def visible_to(chat: Chat, viewer: Identity) -> list[schemas.Room]:
    chat.require_running()
    return await chat.database.read(lambda session: _visible(chat, session, viewer))


def _visible(chat: Chat, session: Session, viewer: Identity) -> list[schemas.Room]:
    unread = queries.unread(session, viewer.user_id)
    return [
        chat.views.room(room, membership, unread.get(room.id, 0), viewer)
        for room, membership in queries.rooms_visible_to(session, viewer.user_id)
    ]


async def arrive(chat: Chat, person: Identity) -> None:
    """Everybody is in the lobby, from the first time they come, by whichever door."""
    chat.require_running()

    def join_lobby(session: Session) -> int:
        return queries.add_membership(session, queries.lobby(session).id, person.user_id).room_id

    if not await chat.database.read(lambda session: queries.in_lobby(session, person.user_id)):
        lobby = await chat.database.write(join_lobby)
        _tell_members(chat, lobby, chat.host.encode_id(lobby), person, joined=True)


async def joined_by(chat: Chat, person: Identity) -> set[int]:
    """The ids of the rooms that a person is in."""
    return await chat.database.read(lambda session: queries.joined_room_ids(session, person.user_id))


async def get(chat: Chat, viewer: Identity, room_id: str) -> schemas.Room:
    chat.require_running()
    number = chat.decode_id(room_id)

    def read(session: Session) -> schemas.Room:
        room, membership = queries.room_of(session, number, viewer.user_id)
        return _seen(chat, session, permissions.see(room, membership), membership, viewer)

    return await chat.database.read(read)


async def join(chat: Chat, person: Identity, *, room_id: str | None = None, name: str | None = None) -> schemas.Room:
    """Join a room by its id, or one that may be found by its name. Joining twice is joining once."""
    chat.require_running()
    if (room_id is None) == (name is None):
        raise Invalid("Give room_id or name.")
    number = chat.decode_id(room_id) if room_id is not None else None

    def write(session: Session) -> tuple[int, bool, schemas.Room]:
        room, membership = _found(session, number, name, person)
        room = permissions.join(room, membership)
        joined = membership is None
        membership = membership or queries.add_membership(session, room.id, person.user_id)
        return room.id, joined, _seen(chat, session, room, membership, person)

    joined_id, fresh, view = await chat.database.write(write)
    for connection in chat.connections.of_user(person.user_id):
        connection.room_ids.add(joined_id)
        await chat.broadcast.subscribe(connection.sid, broadcast.room_audience(joined_id))
    if fresh:
        _tell_members(chat, joined_id, view.id, person, joined=True)
        _tell_own_devices(chat, person, view)
    return view


def _found(
    session: Session, number: int | None, name: str | None, person: Identity
) -> tuple[Room | None, Membership | None]:
    if number is None:
        room = queries.room_by_name_key(session, text.name_key(name or ""))
        if room is None:
            raise NotFound("There is no such room.")
        number = room.id
    return queries.room_of(session, number, person.user_id)


async def leave(chat: Chat, person: Identity, room_id: str) -> None:
    """Leave a room; leaving one that one is not in changes nothing."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> bool:
        room, membership = queries.room_of(session, number, person.user_id)
        permissions.leave(room, membership)
        return queries.remove_membership(session, number, person.user_id)

    if not await chat.database.write(write):
        return
    for connection in chat.connections.of_user(person.user_id):
        connection.room_ids.discard(number)
        await chat.broadcast.unsubscribe(connection.sid, broadcast.room_audience(number))
    removed = schemas.RoomRemoved(room_id=room_id, reason=schemas.RoomRemovedReason.LEFT)
    chat.broadcast.send(ROOM_REMOVED, removed, broadcast.user_audience(person.user_id))
    _tell_members(chat, number, room_id, person, joined=False)


async def read_up_to(chat: Chat, person: Identity, room_id: str, seq: int) -> schemas.Room:
    """Move the person's read pointer forward to ``seq``, or to the room's newest change where that is less."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> tuple[bool, schemas.Room]:
        room, membership = queries.room_of(session, number, person.user_id)
        room = permissions.see(room, membership)
        if membership is None:
            raise NotFound("You are not in this room.")
        before = membership.read_seq
        queries.advance_read_seq(session, membership, min(seq, room.head_seq))
        return membership.read_seq != before, _seen(chat, session, room, membership, person)

    moved, view = await chat.database.write(write)
    if moved:
        _tell_own_devices(chat, person, view)
    return view


async def total_unread(chat: Chat, person: Identity) -> int:
    unread = await chat.database.read(lambda session: queries.unread(session, person.user_id))
    return sum(unread.values())


def _seen(chat: Chat, session: Session, room: Room, membership: Membership | None, viewer: Identity) -> schemas.Room:
    unread = queries.unread(session, viewer.user_id, room.id) if membership else {}
    return chat.views.room(room, membership, unread.get(room.id, 0), viewer)


def _tell_own_devices(chat: Chat, person: Identity, view: schemas.Room) -> None:
    chat.broadcast.send(ROOM_UPDATED, schemas.RoomUpdated(room=view), broadcast.user_audience(person.user_id))


def _tell_members(chat: Chat, number: int, room_id: str, person: Identity, *, joined: bool) -> None:
    notice = schemas.RoomMember(room_id=room_id, user=chat.views.identity(person), joined=joined)
    chat.broadcast.send(ROOM_MEMBER, notice, broadcast.room_audience(number))
