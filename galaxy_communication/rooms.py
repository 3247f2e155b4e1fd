"""Rooms: finding, joining and leaving them. Who is in them: `members`."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from . import access, audit_queries, glances, groups, people_queries, permissions, room_queries, schemas, telling, text
from .broadcast import room_audience
from .chat import Chat
from .errors import Invalid, NotFound
from .events import TYPING
from .identity import Identity
from .models import THE_CHAT, Membership, Room
from .presence import Connection
from .schemas import RoomRemovedReason
from .views import Glance

#: The original's name for everybody's room.
LOBBY_NAME = "All Chats"
#: Rooms that one could join, at most so many at once: more are found by name.
MAX_TO_JOIN = 200


def arrange_configured(session: Session, persistent: Collection[str]) -> None:
    """At start: the lobby, and the persistent rooms as ``galaxy.yml`` names them now.

    A room that it no longer names is archived, with its history; one that it names again comes back. What
    administrators have made stays as it is.
    """
    if not room_queries.rooms_of_kind(session, "lobby"):
        room_queries.add_room(session, "lobby", LOBBY_NAME, name_key=text.name_key(LOBBY_NAME))
    wanted = {text.name_key(name): name for name in persistent}
    existing = {room.name_key or "": room for room in room_queries.rooms_of_kind(session, "persistent")}
    for key, name in wanted.items():
        if key not in existing and room_queries.room_by_name_key(session, key) is None:
            room_queries.add_room(session, "persistent", name, name_key=key).configured = True
    for key, room in existing.items():
        named, was_named, room.configured = key in wanted, room.configured, key in wanted
        if (named or was_named) and (room.archived_at is None) != named:
            room_queries.set_archived(session, room, archived=not named)
            audit_queries.record(
                session, THE_CHAT, "unarchive" if named else "archive", room_id=room.id, reason="galaxy.yml"
            )


async def visible_to(chat: Chat, viewer: Identity, *, query: str = "", limit: int = MAX_TO_JOIN) -> list[schemas.Room]:
    """Those one is in, and of those one may join the first ``limit`` whose name contains ``query``."""
    chat.require_running()
    key = text.name_key(query)

    return await chat.database.read_then(
        lambda session: glances.of_viewer(session, viewer, query=key, to_join=limit), chat.views.rooms
    )


async def get(chat: Chat, viewer: Identity, room_id: str) -> schemas.Room:
    chat.require_running()
    number = chat.decode_id(room_id)

    def read(session: Session) -> Glance:
        room, membership = access.place(session, number, viewer)
        return glances.of_member(session, permissions.see(room, membership), membership, viewer)

    return await telling.worded(chat, await chat.database.read(read))


# Coming and going


async def arrive(chat: Chat, person: Identity) -> None:
    """Everybody is in the lobby, from the first time they come, by whichever door."""
    chat.require_running()

    def read(session: Session) -> tuple[bool, groups.Found]:
        known = room_queries.visitor(session, person.user_id)
        is_known = known is not None and known.username == person.username
        return is_known, groups.find(session, {person.user_id})

    def welcome(session: Session) -> int | None:
        people_queries.put_person(session, person.user_id, person.username)
        lobby = room_queries.lobby(session)
        is_new = room_queries.room_of(session, lobby.id, person.user_id)[1] is None
        room_queries.add_membership(session, lobby.id, person.user_id)
        return lobby.id if is_new else None

    is_known, found = await chat.database.read(read)
    if not is_known:
        lobby = await chat.database.write(welcome)
        if lobby is not None:
            telling.member(chat, lobby, chat.views.identity(person), joined=True)
    await groups.reconcile(chat, {person.user_id}, found)


async def joined_by(chat: Chat, person: Identity) -> set[int]:
    """The ids of the rooms that a person is in."""
    return await chat.database.read(lambda session: room_queries.joined_room_ids(session, person.user_id))


async def join(chat: Chat, person: Identity, *, room_id: str | None = None, name: str | None = None) -> schemas.Room:
    """Join a room by its id, or one that may be found by its name. Joining twice is joining once."""
    chat.require_running()
    if (room_id is None) == (name is None):
        raise Invalid("Give room_id or name.")
    number = chat.decode_id(room_id) if room_id is not None else None

    def write(session: Session) -> tuple[bool, Glance]:
        room, membership = _found(session, number, name, person)
        room = permissions.join(room, membership)
        joined = membership is None
        membership = membership or room_queries.add_membership(session, room.id, person.user_id)
        return joined, glances.of_member(session, room, membership, person)

    fresh, glance = await chat.database.write(write)
    await telling.entered(chat, glance.room.id, {person.user_id})
    view = await telling.worded(chat, glance)
    if fresh:
        telling.member(chat, glance.room.id, chat.views.identity(person), joined=True)
        telling.to_devices(chat, person.user_id, view)
    return view


def _found(
    session: Session, number: int | None, name: str | None, person: Identity
) -> tuple[Room | None, Membership | None]:
    if number is None:
        room = room_queries.room_by_name_key(session, text.name_key(name or ""))
        if room is None:
            raise NotFound("There is no such room.")
        number = room.id
    return access.place(session, number, person)


async def leave(chat: Chat, person: Identity, room_id: str) -> None:
    """Leave a room; leaving one that one is not in changes nothing. Who looks after it hands it over."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> tuple[bool, int | None]:
        room, membership = room_queries.room_of(session, number, person.user_id)
        permissions.leave(room, membership)
        return membership is not None, remove(session, number, person.user_id)

    was_in, heir = await chat.database.write(write)
    if was_in:
        await tell_gone(chat, number, chat.views.identity(person), RoomRemovedReason.LEFT, heir)


def remove(session: Session, room_id: int, user_id: int) -> int | None:
    """Whom the room is handed over to, where it was its owner who went."""
    membership = room_queries.remove_membership(session, room_id, user_id)
    if membership is None or membership.role != "owner" or room_queries.owners(session, room_id):
        return None
    heir = room_queries.successor(session, room_id)
    if heir is None:
        return None
    appoint(session, THE_CHAT, heir, "owner")
    return heir.user_id


def appoint(session: Session, actor: Identity | int, membership: Membership, role: str) -> None:
    before, membership.role = membership.role, role
    if before != role:
        room_id, target_id = membership.room_id, membership.user_id
        audit_queries.record(
            session, actor, "set_role", room_id=room_id, target_id=target_id, before=before, after=role
        )


async def tell_gone(chat: Chat, room_id: int, user: schemas.User, reason: RoomRemovedReason, heir: int | None) -> None:
    await telling.removed(chat, room_id, chat.decode_id(user.id), reason)
    telling.member(chat, room_id, user, joined=False)
    if heir is not None:
        await telling.updated(chat, room_id, {heir})


def tell_typing(chat: Chat, connection: Connection, room_id: str) -> None:
    """To the room's other members; what is not worth telling is dropped. Asks no database, it comes so often."""
    chat.require_running()
    number = chat.decode_id(room_id)
    if number not in connection.room_ids:
        raise NotFound("You are not in this room.")
    if chat.connections.may_tell_typing(connection, number):
        user = chat.views.identity(connection.identity)
        typing = schemas.RoomTyping(room_id=room_id, user=user)
        chat.broadcast.everywhere(TYPING, typing, room_audience(number), but=connection.sid)
