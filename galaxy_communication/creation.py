"""Making rooms: for all or by invitation, conversations of two, and those of Galaxy's groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from sqlalchemy.orm import Session

from . import glances, groups, payloads, people_queries, permissions, room_queries, schemas, telling, text
from .chat import Chat
from .errors import Invalid, NotFound
from .identity import Identity
from .views import Glance, binding_of


async def create(chat: Chat, person: Identity, wanted: payloads.RoomCreate) -> schemas.Room:
    """
    A conversation of two, or the room of a group, that is there already is given back as it is.
    """
    chat.require_running()
    await chat.limits.take("rooms", person.user_id)
    permissions.create(person, wanted.kind, everybody_may=chat.settings.communication_users_create_rooms)
    invited = [chat.decode_id(member) for member in dict.fromkeys(wanted.members)]
    await require_addressable(chat, invited)
    if wanted.kind == "group":
        return await _of_group(chat, person, wanted)
    if wanted.kind == "direct":
        return await _direct(chat, person, invited)
    return await _named(chat, person, wanted, invited)


async def require_addressable(chat: Chat, user_ids: Collection[int]) -> None:
    """Only who uses the chat can be brought into a room. Whether others exist is not told."""
    if user_ids:
        known = await chat.database.in_thread(lambda: chat.host.chat_users(user_ids))
        if not known.keys() >= set(user_ids):
            raise NotFound("There is nobody with this id who uses the chat.")


async def _named(chat: Chat, person: Identity, wanted: payloads.RoomCreate, invited: list[int]) -> schemas.Room:
    name = text.room_name(wanted.name or "")
    key = text.name_key(name) if wanted.kind in permissions.LISTED_KINDS else None

    def write(session: Session) -> Glance:
        permissions.speak(person, people_queries.silence(session, person.user_id))
        if key is not None:
            permissions.take_name(room_queries.room_by_name_key(session, key))
        chat.filters.in_force(session).require_free(name, wanted.topic)
        room = room_queries.add_room(session, wanted.kind, name, name_key=key, topic=wanted.topic.strip())
        own = room_queries.add_membership(session, room.id, person.user_id, role="owner")
        if invited:
            room_queries.add_memberships(session, room.id, invited)
        return glances.of_member(session, room, own, person)

    return await _opened(chat, await chat.database.write(write), {person.user_id, *invited})


async def _direct(chat: Chat, person: Identity, invited: list[int]) -> schemas.Room:
    if len(invited) != 1 or invited[0] == person.user_id:
        raise Invalid("A conversation is with one other person: give their id in members.")
    pair = (person.user_id, invited[0])
    binding = binding_of(*pair)

    def write(session: Session) -> tuple[bool, Glance]:
        room = room_queries.room_by_binding(session, binding)
        is_new = room is None
        if room is None:
            permissions.speak(person, people_queries.silence(session, person.user_id))
            room = room_queries.add_room(session, "direct", "", binding=binding)
            room_queries.add_memberships(session, room.id, pair)
        _, membership = room_queries.room_of(session, room.id, person.user_id)
        return is_new, glances.of_member(session, permissions.see(room, membership), membership, person)

    is_new, glance = await chat.database.write(write)
    if is_new:
        return await _opened(chat, glance, set(pair))
    return await telling.worded(chat, glance)


async def _of_group(chat: Chat, person: Identity, wanted: payloads.RoomCreate) -> schemas.Room:
    if (wanted.group_id is None) == (wanted.role_id is None):
        raise Invalid("Give group_id or role_id.")
    kind: Literal["group", "role"] = "group" if wanted.group_id is not None else "role"
    number = chat.decode_id(wanted.group_id or wanted.role_id or "")
    galaxys_name = await chat.database.in_thread(lambda: chat.host.group_name(kind, number))
    if galaxys_name is None:
        raise NotFound(f"Galaxy has no {kind} with this id.")
    name = text.room_name(wanted.name or galaxys_name)
    binding = f"{kind}:{number}"

    def write(session: Session) -> Glance:
        room = room_queries.room_by_binding(session, binding)
        if room is None:
            chat.filters.in_force(session).require_free(name, wanted.topic)
            room = room_queries.add_room(session, "group", name, topic=wanted.topic.strip(), binding=binding)
        return glances.of_member(session, room, None, person)

    glance = await chat.database.write(write)
    connected = {connection.identity.user_id for connection in chat.connections.all()}
    await groups.reconcile(chat, connected | {person.user_id})

    def read(session: Session) -> Glance:
        room, membership = room_queries.room_of(session, glance.room.id, person.user_id)
        return glances.of_member(session, room or glance.room, membership, person)

    return await telling.worded(chat, await chat.database.read(read))


async def _opened(chat: Chat, glance: Glance, user_ids: Collection[int]) -> schemas.Room:
    await telling.entered(chat, glance.room.id, user_ids)
    await telling.updated(chat, glance.room.id)
    return await telling.worded(chat, glance)
