"""Who is in a room: listing, inviting, removing, roles; and how one wants to hear of it oneself."""

from __future__ import annotations

from sqlalchemy.orm import Session

from . import (
    access,
    audit_queries,
    creation,
    glances,
    payloads,
    people_queries,
    permissions,
    room_queries,
    rooms,
    schemas,
    telling,
    text,
    unread_queries,
)
from .chat import Chat
from .errors import Conflict, Forbidden, NotFound
from .identity import Identity
from .models import Membership, Room, now
from .schemas import RoomRemovedReason
from .views import Glance

#: Kinds that are never without an owner; in the others administrators can make one, and undo it.
OWNED_KINDS = ("public", "private")


async def listed(
    chat: Chat,
    viewer: Identity,
    room_id: str,
    *,
    query: str = "",
    before: str | None = None,
    limit: int,
) -> list[schemas.Member]:
    """A page of a room's members, the newest accounts first.

    Where Galaxy does not show its users to each other, the lobby, which is everybody's, lists only who is there now.
    """
    chat.require_running()
    number = chat.decode_id(room_id)
    below = chat.decode_id(before) if before is not None else None
    prefix = text.name_key(query)
    around = chat.connections.around(number)

    def read(session: Session) -> list[Membership]:
        room = permissions.see(*access.place(session, number, viewer))
        if room.kind != "lobby" or viewer.is_admin or chat.host.exposes_names:
            return list(room_queries.members(session, number, prefix=prefix, before=below, limit=limit))
        shown = {one for one in around if chat.connections.status(one.user_id) != "offline"} | {viewer}
        named = {(number, one.user_id) for one in shown if (one.username or "").startswith(prefix)}
        found = room_queries.memberships_of(session, named)
        page = sorted(found.values(), key=lambda row: -row.user_id)
        return [row for row in page if below is None or row.user_id < below][:limit]

    return await chat.database.read_then(read, lambda rows: chat.views.members(rows, chat.connections.status))


async def invite(chat: Chat, actor: Identity, room_id: str, wanted: payloads.Invitation) -> list[schemas.Member]:
    """Bring people into a room. Who is in it already stays as they are."""
    chat.require_running()
    number = chat.decode_id(room_id)
    user_ids = [chat.decode_id(user_id) for user_id in dict.fromkeys(wanted.user_ids)]

    def check(session: Session) -> Room:
        silence = people_queries.silence(session, actor.user_id)
        return permissions.invite(actor, *room_queries.room_of(session, number, actor.user_id), silence)

    await chat.database.read(check)
    await creation.require_addressable(chat, user_ids)

    def write(session: Session) -> tuple[set[int], list[Membership]]:
        check(session)
        if any(room == number for room, _ in people_queries.room_bans(session, user_ids)):
            raise Forbidden("Somebody among them is banned from this room.", reason="person_banned_from_room")
        before = {user for _, user in room_queries.memberships_of(session, {(number, user) for user in user_ids})}
        return set(user_ids) - before, room_queries.add_memberships(session, number, user_ids)

    fresh, rows = await chat.database.write(write)
    members = await chat.database.in_thread(lambda: chat.views.members(rows, chat.connections.status))
    for row, member in zip(rows, members, strict=True):
        if row.user_id in fresh:
            telling.member(chat, number, _user(member), joined=True)
    await telling.entered(chat, number, fresh)
    await telling.updated(chat, number, fresh)
    return members


async def remove(chat: Chat, actor: Identity, room_id: str, user_id: str, reason: str = "") -> None:
    """Removing oneself is leaving."""
    chat.require_running()
    number, target_id = chat.decode_id(room_id), chat.decode_id(user_id)
    if target_id == actor.user_id:
        await rooms.leave(chat, actor, room_id)
        return

    def write(session: Session) -> int | None:
        room, membership = room_queries.room_of(session, number, actor.user_id)
        target = _target(session, room, membership, target_id)
        silence = people_queries.silence(session, actor.user_id)
        permissions.remove_member(actor, room, membership, target, silence)
        audit_queries.record(session, actor, "remove_member", room_id=number, target_id=target_id, reason=reason)
        return rooms.remove(session, number, target_id)

    heir = await chat.database.write(write)
    (user,) = await chat.database.in_thread(lambda: chat.views.users([target_id]))
    await rooms.tell_gone(chat, number, user, RoomRemovedReason.REMOVED, heir)


async def set_role(chat: Chat, actor: Identity, room_id: str, user_id: str, role: schemas.Role) -> schemas.Member:
    """A room has one owner: making another one hands it over, and leaves the one before as a moderator."""
    chat.require_running()
    number, target_id = chat.decode_id(room_id), chat.decode_id(user_id)

    def write(session: Session) -> tuple[Membership, set[int]]:
        room, membership = room_queries.room_of(session, number, actor.user_id)
        target = _target(session, room, membership, target_id)
        room = permissions.manage(actor, room, membership, people_queries.silence(session, actor.user_id))
        room_queries.lock_rooms(session, {number})
        changed = {target: role}
        if role == "owner":
            changed = {**dict.fromkeys(room_queries.owners(session, number), "moderator"), target: role}
        elif target.role == "owner" and room.kind in OWNED_KINDS:
            raise Conflict("A room needs an owner: hand it over to somebody first.", reason="owner_needed")
        for one, new in changed.items():
            rooms.appoint(session, actor, one, new)
        session.flush()
        return target, {one.user_id for one in changed}

    row, changed = await chat.database.write(write)
    await telling.updated(chat, number, changed)
    (member,) = await chat.database.in_thread(lambda: chat.views.members([row], chat.connections.status))
    return member


def _target(session: Session, room: Room | None, membership: Membership | None, user_id: int) -> Membership:
    room = permissions.see(room, membership)
    target = session.get(Membership, (room.id, user_id))
    if target is None:
        raise NotFound("They are not in this room.", reason="person_not_here")
    return target


def _user(member: schemas.Member) -> schemas.User:
    return schemas.User(id=member.id, username=member.username, avatar_color=member.avatar_color)


# One's own


async def set_own(chat: Chat, person: Identity, room_id: str, wanted: payloads.MembershipUpdate) -> schemas.Room:
    """How much of a room one wants to hear; also muting it until a moment, which may be past: then it is heard."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> Glance:
        room, membership = permissions.belong(*room_queries.room_of(session, number, person.user_id))
        if wanted.notify is not None:
            membership.notify = wanted.notify
        if "muted_until" in wanted.model_fields_set:
            until = wanted.muted_until
            membership.muted_until = until if until is not None and until > now() else None
        session.flush()
        return glances.of_member(session, room, membership, person)

    return await _told(chat, await chat.database.write(write))


async def set_read(chat: Chat, person: Identity, room_id: str, pointer: payloads.ReadPointer) -> schemas.Room:
    """Move the person's read pointer to ``seq``, or to the room's newest change where that is less."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def write(session: Session) -> tuple[bool, Glance]:
        room, membership = permissions.belong(*room_queries.room_of(session, number, person.user_id))
        before = membership.read_seq
        seq = min(pointer.seq, room.head_seq)
        room_queries.move_read_seq(session, membership, seq, backward=pointer.backward)
        return membership.read_seq != before, glances.of_member(session, room, membership, person)

    moved, glance = await chat.database.write(write)
    return await (_told(chat, glance) if moved else telling.worded(chat, glance))


async def _told(chat: Chat, glance: Glance) -> schemas.Room:
    view = await telling.worded(chat, glance)
    telling.to_devices(chat, glance.viewer.user_id, view)
    return view


async def attention(chat: Chat, person: Identity) -> tuple[int, int]:
    """What deserves a badge: unread messages, and those of them that address one. Muted rooms deserve none."""
    found = await chat.database.read(lambda session: unread_queries.unread(session, {person.user_id}, heard=True))
    return sum(unread.messages for unread in found.values()), sum(unread.mentions for unread in found.values())
