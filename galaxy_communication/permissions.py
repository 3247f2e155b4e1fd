"""Who may do what: pure functions of the acting user, the room and the membership, that return or raise.

`tests/rights.py` holds the same as a table, which is tried out on both interfaces, and printed in docs/rights.md.
"""

from __future__ import annotations

import math
from datetime import datetime

from .errors import Archived, Conflict, Forbidden, NotFound, RateLimited, Silenced
from .identity import Identity
from .models import REMOVED, Membership, Room
from .moderation_models import Sanction

#: Kinds of rooms that everybody on the server may see and join.
LISTED_KINDS = ("lobby", "persistent", "public")
MODERATING_ROLES = ("moderator", "owner")
#: In a room of so many members, only moderators may address all of them at once.
MAX_ADDRESSED_BY_ANYBODY = 50

# Reading and writing


def see(room: Room | None, membership: Membership | None, what: str = "room") -> Room:
    """
    :param what: was asked for and is in the room. Whether the room is hidden or ``what`` is missing, nobody can tell.
    """
    if room is None or (room.kind not in LISTED_KINDS and membership is None):
        raise NotFound(f"There is no such {what}.")
    return room


def belong(room: Room | None, membership: Membership | None) -> tuple[Room, Membership]:
    room = see(room, membership)
    if membership is None:
        raise NotFound("You are not in this room.")
    return room, membership


def unsilenced(silence: Sanction | None) -> None:
    """A silence takes away all that others would see: writing, and looking after a room."""
    if silence is not None:
        if silence.is_automatic:
            raise Silenced(
                "You sent too many messages without a pause, and can only read for a while.",
                retry_after=silence.seconds_left(),
                reason="flooded",
            )
        message = f"A moderator has silenced you. {silence.reason}".strip()
        raise Silenced(message, retry_after=silence.seconds_left(), reason="silenced", why=silence.reason)


def speak(identity: Identity, silence: Sanction | None) -> None:
    """Whatever has an author needs a name and no silence."""
    unsilenced(silence)
    if not identity.username:
        raise Forbidden(
            "Choose a public name in your Galaxy preferences first: others would not know who is speaking.",
            reason="no_public_name",
        )


def can_post(identity: Identity, room: Room, membership: Membership | None, *, silenced: bool) -> bool:
    if membership is None or room.archived_at is not None or not identity.username or silenced:
        return False
    return not room.read_only or can_moderate(identity, room, membership)


def post(identity: Identity, room: Room | None, membership: Membership | None, silence: Sanction | None) -> Room:
    room = take_part(identity, room, membership, silence)
    if room.read_only and not can_moderate(identity, room, membership):
        raise Forbidden("Only its moderators write in this room.", reason="read_only")
    return room


def take_part(identity: Identity, room: Room | None, membership: Membership | None, silence: Sanction | None) -> Room:
    room = see(room, membership)
    if room.archived_at is not None:
        raise Archived("This room is archived: it can be read, not written to. Its owner can bring it back.")
    if membership is None:
        raise Forbidden("Join the room before you write in it.", reason="join_first")
    speak(identity, silence)
    return room


def is_slowed(identity: Identity, room: Room, membership: Membership | None) -> bool:
    """Whether they wait between two messages in the room."""
    return room.slow_mode_seconds > 0 and not can_moderate(identity, room, membership)


def wait_in_turn(room: Room, last: datetime | None, moment: datetime) -> None:
    """
    :param last: when somebody who `is_slowed` has last written in the room.
    """
    if last is None:
        return
    seconds = math.ceil((last - moment).total_seconds() + room.slow_mode_seconds)
    if seconds > 0:
        unit = "second" if seconds == 1 else "seconds"
        raise RateLimited(
            f"This room is in slow mode. You can write again in {seconds} {unit}.",
            retry_after=seconds,
            reason="slow_mode",
        )


def edit(
    identity: Identity, room: Room, membership: Membership | None, author_id: int, silence: Sanction | None
) -> None:
    post(identity, room, membership, silence)
    if identity.user_id != author_id:
        raise Forbidden("Only its author can edit a message.")


def delete(
    identity: Identity, room: Room, membership: Membership | None, author_id: int, silence: Sanction | None
) -> None:
    """One's own words can be taken back wherever one can see them, also in an archived room or one that one has left,
    and in silence."""
    if identity.user_id == author_id:
        return
    unsilenced(silence)
    if not can_moderate(identity, room, membership):
        raise Forbidden("Only its author and the room's moderators can delete a message.")


def pin(identity: Identity, room: Room, membership: Membership | None, silence: Sanction | None) -> None:
    post(identity, room, membership, silence)
    if room.kind != "direct" and not can_moderate(identity, room, membership):
        raise Forbidden("Only the room's moderators can pin a message. Ask one of them.")


def address_everybody(identity: Identity, room: Room, membership: Membership | None) -> None:
    if room.member_count > MAX_ADDRESSED_BY_ANYBODY and not can_moderate(identity, room, membership):
        raise Forbidden(
            "Only moderators can address everybody in a room as large as this one.", reason="everybody_too_many"
        )


def see_revisions(identity: Identity, room: Room, membership: Membership | None, author_id: int) -> None:
    if identity.user_id != author_id and not can_moderate(identity, room, membership):
        raise Forbidden("Only its author and the room's moderators can see what a message said before.")


# Coming and going


def unbanned(identity: Identity, ban: Sanction | None) -> None:
    if ban is not None and not identity.is_admin:  # who may have become one since
        message = f"You are banned from this room. {ban.reason}".strip()
        raise Forbidden(message, retry_after=ban.seconds_left(), reason="banned_from_room", why=ban.reason)


def create(identity: Identity, kind: str, *, everybody_may: bool) -> None:
    if kind == "group" and not identity.is_admin:
        raise Forbidden("Only administrators can make rooms for Galaxy's groups and roles.")
    if kind == "persistent" and not identity.is_admin:
        raise Forbidden("Only administrators can make rooms that are everybody's for good.")
    if kind == "public" and not (everybody_may or identity.is_admin):
        raise Forbidden(
            "Only administrators can make public rooms here. Make a private one, or ask an administrator.",
            reason="public_rooms",
        )


def join(room: Room | None, membership: Membership | None) -> Room:
    room = see(room, membership)
    if room.archived_at is not None and membership is None:
        raise Archived("This room is archived. Its owner can bring it back.")
    return room


def leave(room: Room | None, membership: Membership | None) -> Room:
    room = see(room, membership)
    if room.kind == "lobby":
        raise Forbidden("The lobby is everybody's room and cannot be left.")
    if room.kind == "group":
        raise Forbidden("This room is that of a Galaxy group: whoever is in the group is in the room. You can mute it.")
    if room.kind == "direct":
        raise Forbidden("A conversation of two cannot be left. You can mute it.")
    return room


def can_invite(identity: Identity, room: Room, membership: Membership | None) -> bool:
    if room.archived_at is not None or membership is None or room.kind in ("lobby", "group", "direct"):
        return False
    return room.kind in LISTED_KINDS or can_moderate(identity, room, membership)


def invite(identity: Identity, room: Room | None, membership: Membership | None, silence: Sanction | None) -> Room:
    room = take_part(identity, room, membership, silence)
    if not can_invite(identity, room, membership):
        raise Forbidden("You cannot invite people to this room. In a private one, its moderators can.")
    return room


# Looking after the chat, and after a room


def administer(identity: Identity) -> None:
    if not identity.is_admin:
        raise Forbidden("Only administrators can do this.")


def administer_room(identity: Identity, room: Room | None, silence: Sanction | None) -> Room:
    """Also one that they are not in, but no conversation of two."""
    administer(identity)
    unsilenced(silence)
    return export(room)


def can_moderate(identity: Identity, room: Room, membership: Membership | None) -> bool:
    if room.kind == "direct":
        return False
    return identity.is_admin or (membership is not None and membership.role in MODERATING_ROLES)


def resolve(
    identity: Identity, room: Room, membership: Membership | None, author_id: int, silence: Sanction | None
) -> None:
    """A report of what ``author_id`` wrote. Those of conversations of two, and of a moderator's own messages, are for
    administrators and other moderators; to all others there are none."""
    is_theirs = can_moderate(identity, room, membership) and identity.user_id != author_id
    if not (identity.is_admin or is_theirs):
        raise NotFound("There is no such report.")
    unsilenced(silence)


def can_manage(identity: Identity, room: Room, membership: Membership | None) -> bool:
    """Name, topic, archive and roles."""
    if room.kind == "direct":
        return False
    return identity.is_admin or (membership is not None and membership.role == "owner")


def manage(identity: Identity, room: Room | None, membership: Membership | None, silence: Sanction | None) -> Room:
    room = see(room, membership)
    unsilenced(silence)
    if not can_manage(identity, room, membership):
        raise Forbidden("Only the room's owner can do this. Ask them, or an administrator.")
    return room


def set_pace(identity: Identity, room: Room | None, membership: Membership | None, silence: Sanction | None) -> Room:
    """Who writes, and how often. In rooms that are everybody's, administrators alone say so."""
    room = see(room, membership)
    unsilenced(silence)
    if not can_moderate(identity, room, membership):
        raise Forbidden("Only the room's moderators can do this.")
    if room.kind in ("lobby", "persistent") and not identity.is_admin:
        raise Forbidden("In a room that is everybody's, only administrators can do this.")
    return room


def rename(room: Room) -> None:
    if room.configured:
        raise Conflict("The name of this room stands in galaxy.yml.")


def take_name(holder: Room | None) -> None:
    if holder is not None:
        raise Conflict(
            f"There is a room of the name {holder.name!r} already. Join it, or choose another name.",
            reason="name_taken",
            name=holder.name,
        )


def archive(room: Room) -> None:
    if room.kind == "lobby":
        raise Forbidden("The lobby is everybody's room and is always there.")
    if room.configured:
        raise Conflict("galaxy.yml says that this room is always there.")


def export(room: Room | None) -> Room:
    """By an administrator. What two said to each other is theirs."""
    if room is None or room.kind in ("direct", REMOVED):
        raise NotFound("There is no such room.")
    return room


def remove_room(room: Room | None, name: str) -> Room:
    """By an administrator, for good. Those that may not be archived are always there."""
    room = export(room)
    archive(room)
    if room.name != name:
        raise Conflict("This is not the name of the room. Type it as it stands there.", reason="name_differs")
    return room


def remove_member(
    identity: Identity,
    room: Room | None,
    membership: Membership | None,
    target: Membership,
    silence: Sanction | None,
) -> None:
    room = see(room, membership)
    unsilenced(silence)
    if not can_moderate(identity, room, membership):
        raise Forbidden("Only the room's moderators can remove somebody.")
    if room.kind in ("lobby", "group"):
        raise Forbidden("Who is in this room is not decided here.")
    if target.role == "owner" and not identity.is_admin:
        raise Forbidden("A room's owner cannot be removed.")


def ban_from_room(
    identity: Identity,
    room: Room | None,
    membership: Membership | None,
    target: Membership | None,
    silence: Sanction | None,
) -> None:
    room = see(room, membership)
    unsilenced(silence)
    if room.kind in ("lobby", "direct"):
        raise Forbidden("Nobody can be banned from this room.")
    if not can_moderate(identity, room, membership):
        raise Forbidden("Only the room's moderators can ban somebody from it.")
    if target is not None and target.role == "owner" and not identity.is_admin:
        raise Forbidden("A room's owner cannot be banned from it.")
