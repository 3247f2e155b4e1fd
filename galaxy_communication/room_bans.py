"""Bans from one room, said by its moderators. Those from the whole chat: `moderation`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from . import audit, audit_queries, payloads, people_queries, permissions, room_queries, rooms, telling
from .chat import Chat
from .errors import Forbidden, Invalid, NotFound
from .identity import Identity
from .models import Membership, Room, now
from .moderation_models import Sanction
from .moderation_schemas import Notice, SanctionEntry
from .schemas import RoomRemovedReason

#: The newest ones; more are not listed.
MAX_LISTED = 200


async def impose(chat: Chat, actor: Identity, room_id: str, user_id: str, wanted: payloads.Sanction) -> None:
    """Replaces one that is in force. Who is in the room is put out of it; who is not cannot come."""
    chat.require_running()
    number, target_id = chat.decode_id(room_id), chat.decode_id(user_id)
    if wanted.until is not None and wanted.until <= now():
        raise Invalid("until: this moment is past.")
    known, admins = await chat.database.in_thread(
        lambda: (chat.host.known_users({target_id}), chat.host.admins_among({target_id}))
    )

    def write(session: Session) -> tuple[Room | None, int | None]:
        """The room where they were in it, and whom it is handed over to."""
        target = _checked(session, actor, number, target_id)
        if target_id not in known:
            raise NotFound("There is nobody with this id.")
        if target_id == actor.user_id:
            raise Invalid("You cannot ban yourself.")
        if admins:
            raise Forbidden("An administrator cannot be banned from a room.")
        sanction = Sanction(
            user_id=target_id,
            kind="room_ban",
            room_id=number,
            reason=wanted.reason.strip(),
            actor_id=actor.user_id,
            until=wanted.until,
        )
        people_queries.add_sanction(session, sanction)
        until = wanted.until.isoformat() if wanted.until else None
        place = {"room_id": number, "target_id": target_id}
        audit_queries.record(session, actor, "ban_from_room", reason=wanted.reason, **place, until=until)
        room = session.get(Room, number) if target is not None else None
        return room, rooms.remove(session, number, target_id)

    room, heir = await chat.database.write(write)
    if room is not None:
        (user,) = await chat.database.in_thread(lambda: chat.views.users([target_id]))
        await rooms.tell_gone(chat, number, user, RoomRemovedReason.REMOVED, heir)
        text = f"You are banned from {room.name}. {wanted.reason}".strip()
        values: dict[str, str | int] = {"room": room.name, "why": wanted.reason.strip()}
        telling.notice(chat, target_id, Notice(level="warning", text=text, reason="banned_from", values=values))


async def lift(chat: Chat, actor: Identity, room_id: str, user_id: str, reason: str = "") -> None:
    """Where there is none, nothing is done. In the room of a Galaxy group they are again with the next round."""
    chat.require_running()
    number, target_id = chat.decode_id(room_id), chat.decode_id(user_id)

    def write(session: Session) -> None:
        _checked(session, actor, number, target_id)
        if people_queries.lift_sanctions(session, "room_ban", target_id, number):
            place = {"room_id": number, "target_id": target_id}
            audit_queries.record(session, actor, "lift_room_ban", reason=reason, **place)

    await chat.database.write(write)


async def listed(chat: Chat, viewer: Identity, room_id: str) -> list[SanctionEntry]:
    """Those in force, the newest first, for who may lift them."""
    chat.require_running()
    number = chat.decode_id(room_id)

    def read(session: Session) -> audit.NamedSanctions:
        room, membership = room_queries.room_of(session, number, viewer.user_id)
        permissions.ban_from_room(viewer, room, membership, None, silence=None)  # the silenced read
        return audit.with_rooms(session, people_queries.banned_from(session, number, MAX_LISTED))

    return await chat.database.read_then(read, lambda found: audit.worded(chat, found))


def _checked(session: Session, actor: Identity, room_id: int, target_id: int) -> Membership | None:
    """The place in the room of who is to be banned, if they have one."""
    room, membership = room_queries.room_of(session, room_id, actor.user_id)
    target = session.get(Membership, (room_id, target_id))
    permissions.ban_from_room(actor, room, membership, target, people_queries.silence(session, actor.user_id))
    return target
