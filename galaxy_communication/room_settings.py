"""Changing what a room is: its name, topic and archive, who writes in it and how often."""

from __future__ import annotations

from sqlalchemy.orm import Session

from . import audit_queries, glances, payloads, people_queries, permissions, room_queries, schemas, telling, text
from .chat import Chat
from .identity import Identity
from .models import Room
from .moderation_schemas import Act
from .views import Glance

#: What moderators set; all the rest is the owner's.
PACE = {"slow_mode_seconds", "read_only"}


async def update(chat: Chat, person: Identity, room_id: str, wanted: payloads.RoomUpdate) -> schemas.Room:
    """What is asked for and is so already changes nothing."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> tuple[bool, Glance]:
        room, membership = room_queries.room_of(session, number, person.user_id)
        silence = people_queries.silence(session, person.user_id)
        if wanted.model_fields_set & PACE:
            permissions.set_pace(person, room, membership, silence)
        if not PACE.issuperset(wanted.model_fields_set) or not wanted.model_fields_set:
            permissions.manage(person, room, membership, silence)
        room, changed = _changed(chat, session, person, number, wanted)
        return changed, glances.of_member(session, room, membership, person)

    changed, glance = await chat.database.write(write)
    if changed:
        await telling.updated(chat, number)
    return await telling.worded(chat, glance)


async def administer(chat: Chat, admin: Identity, room_id: str, wanted: payloads.RoomUpdate) -> int:
    """As `update`, of a room that the administrator need not be in. Its number."""
    chat.require_running()
    permissions.administer(admin)
    number = chat.decode_id(room_id)

    def write(session: Session) -> bool:
        silence = people_queries.silence(session, admin.user_id)
        permissions.administer_room(admin, session.get(Room, number), silence)
        return _changed(chat, session, admin, number, wanted)[1]

    if await chat.database.write(write):
        await telling.updated(chat, number)
    return number


def _changed(
    chat: Chat, session: Session, actor: Identity, number: int, wanted: payloads.RoomUpdate
) -> tuple[Room, bool]:
    """The room, locked, and whether there was anything to change."""
    room = room_queries.lock_rooms(session, {number})[number]
    revision = room.revision
    _require_free(chat, session, room, wanted)
    _apply(session, actor, room, wanted)
    session.flush()
    return room, room.revision != revision


def _require_free(chat: Chat, session: Session, room: Room, wanted: payloads.RoomUpdate) -> None:
    """Of what the word filter takes out; a name from before may stay."""
    fresh = [new for new, old in ((wanted.name, room.name), (wanted.topic, room.topic)) if new and new != old]
    if fresh:
        chat.filters.in_force(session).require_free(*fresh)


def _apply(session: Session, actor: Identity, room: Room, wanted: payloads.RoomUpdate) -> None:
    def change(act: Act, column: str, value: str | int | None) -> None:
        before = getattr(room, column)
        if value is not None and value != before:
            setattr(room, column, value)
            room.revision += 1
            audit_queries.record(session, actor, act, room_id=room.id, before=before, after=value)

    name = text.room_name(wanted.name) if wanted.name is not None else None
    if name is not None and name != room.name:
        permissions.rename(room)
        _take_name(session, room, name)
    change("rename", "name", name)
    change("set_topic", "topic", wanted.topic.strip() if wanted.topic is not None else None)
    change("set_slow_mode", "slow_mode_seconds", wanted.slow_mode_seconds)
    change("set_read_only", "read_only", wanted.read_only)
    if wanted.archived is not None and wanted.archived != (room.archived_at is not None):
        permissions.archive(room)
        room_queries.set_archived(session, room, archived=wanted.archived)
        audit_queries.record(session, actor, "archive" if wanted.archived else "unarchive", room_id=room.id)


def _take_name(session: Session, room: Room, name: str) -> None:
    if room.name_key is None:
        return
    key = text.name_key(name)
    holder = room_queries.room_by_name_key(session, key)
    if holder is not room:
        permissions.take_name(holder)
    room.name_key = key
