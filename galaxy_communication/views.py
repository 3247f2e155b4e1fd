"""Rows to wire objects: ids encoded, users named, a room as its viewer sees it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType

from . import permissions, schemas
from .identity import Identity
from .models import EVERYBODY, Membership, Message, Room
from .moderation_models import Sanction
from .unread_queries import NOTHING_UNREAD, Unread

#: Twelve colours on which white letters have a contrast of 4.5 and more (WCAG AA).
AVATAR_COLORS = (
    "#8c3a3a", "#8a4b1f", "#6b5b12", "#47661c", "#1f6b3a", "#16695f",
    "#1b6380", "#2f5a9c", "#4a4fa8", "#6a45a5", "#873c91", "#94386a",
)  # fmt: skip


@dataclass(frozen=True)
class Glance:
    """A room as somebody sees it, before it is put into words."""

    viewer: Identity
    room: Room
    membership: Membership | None
    unread: Unread = NOTHING_UNREAD
    silenced: bool = False


def binding_of(one: int, other: int) -> str:
    """Of the conversation of two users."""
    return f"direct:{min(one, other)}:{max(one, other)}"


def other_of(room: Room, viewer_id: int) -> int | None:
    """The other one in a conversation of two."""
    if room.kind != "direct" or room.binding is None:
        return None
    pair = [int(part) for part in room.binding.split(":")[1:]]
    return pair[1] if pair[0] == viewer_id else pair[0]


class Views:
    """
    :param encode_id: Galaxy's encoding of ids.
    :param usernames: the public names of users, by id; asks Galaxy's database, so only for threads.
    """

    def __init__(
        self, encode_id: Callable[[int], str], usernames: Callable[[Collection[int]], dict[int, str | None]]
    ) -> None:
        self.encode_id = encode_id
        self._usernames = usernames

    def user(self, user_id: int, username: str | None) -> schemas.User:
        color = AVATAR_COLORS[user_id % len(AVATAR_COLORS)]
        return schemas.User(id=self.encode_id(user_id), username=username, avatar_color=color)

    def identity(self, identity: Identity) -> schemas.User:
        return self.user(identity.user_id, identity.username)

    def users(self, user_ids: Collection[int]) -> list[schemas.User]:
        """In a thread, outside a transaction, in the order given."""
        names = self._usernames(user_ids) if user_ids else {}
        return [self.user(user_id, names[user_id]) for user_id in user_ids]

    def people(self, user_ids: Iterable[int | None]) -> dict[int, schemas.User]:
        """As `users`, by id; nobody and the chat itself are left out."""
        wanted = list({user_id for user_id in user_ids if user_id})
        return dict(zip(wanted, self.users(wanted), strict=True))

    def members(
        self, rows: Sequence[Membership], status: Callable[[int], schemas.PresenceStatus]
    ) -> list[schemas.Member]:
        """In a thread, outside a transaction."""
        users = self.users([row.user_id for row in rows])
        return [
            schemas.Member(
                **user.model_dump(),
                role=row.role,  # type: ignore[arg-type]  # the column holds nothing else
                joined_at=row.joined_at,
                status=status(row.user_id),
            )
            for row, user in zip(rows, users, strict=True)
        ]

    def rooms(self, glances: Sequence[Glance]) -> list[schemas.Room]:
        """In a thread, outside a transaction: one query of Galaxy's tables for the names in conversations of two."""
        others = {other for glance in glances if (other := other_of(glance.room, glance.viewer.user_id)) is not None}
        names = self._usernames(others) if others else {}
        return [self._room(glance, names) for glance in glances]

    def _room(self, glance: Glance, names: Mapping[int, str | None]) -> schemas.Room:
        room, membership, viewer = glance.room, glance.membership, glance.viewer
        other_id = other_of(room, viewer.user_id)
        other = self.user(other_id, names[other_id]) if other_id is not None else None
        return schemas.Room(
            id=self.encode_id(room.id),
            name=(other.username or "") if other else room.name,
            topic=room.topic,
            kind=room.kind,  # type: ignore[arg-type]  # the column holds nothing else
            listed=room.kind in permissions.LISTED_KINDS,
            joined=membership is not None,
            member_count=room.member_count,
            head_seq=room.head_seq,
            read_seq=membership.read_seq if membership else room.head_seq,
            unread=glance.unread.messages,
            mentions=glance.unread.mentions,
            notify=membership.notify if membership else "mentions",  # type: ignore[arg-type]
            archived=room.archived_at is not None,
            slow_mode_seconds=room.slow_mode_seconds,
            read_only=room.read_only,
            can_post=permissions.can_post(viewer, room, membership, silenced=glance.silenced),
            can_moderate=permissions.can_moderate(viewer, room, membership) and not glance.silenced,
            muted_until=membership.muted_until if membership and membership.muted else None,
            role=membership.role if membership else None,  # type: ignore[arg-type]
            other=other,
            can_invite=permissions.can_invite(viewer, room, membership) and not glance.silenced,
            can_manage=permissions.can_manage(viewer, room, membership) and not glance.silenced,
        )

    def messages(
        self, rows: Sequence[Message], known: Mapping[int, str | None] = MappingProxyType({})
    ) -> list[schemas.Message]:
        """In a thread, outside a transaction: one query of Galaxy's tables for all the names that are not ``known``."""
        wanted = {user_id for row in rows for user_id in _people(row)} - known.keys()
        names = {**known, **self._usernames(wanted)} if wanted else known
        return [self._message(row, names) for row in rows]

    def _message(self, row: Message, names: Mapping[int, str | None]) -> schemas.Message:
        def user(user_id: int) -> schemas.User:
            return self.user(user_id, names[user_id])

        deleted = row.deleted_at is not None
        reactions = {} if deleted else row.reactions
        return schemas.Message(
            id=self.encode_id(row.id),
            room_id=self.encode_id(row.room_id),
            seq=row.seq,
            changed_seq=row.changed_seq,
            user=user(row.user_id),
            text="" if deleted else row.text,
            created_at=row.created_at,
            edited_at=row.edited_at,
            deleted=deleted,
            reply_to=self.encode_id(row.reply_to_id) if row.reply_to_id else None,
            mentions=[user(user_id) for user_id in row.mentions if user_id != EVERYBODY],
            reactions=[
                schemas.Reaction(emoji=emoji, count=len(users), users=[user(user_id) for user_id in users])
                for emoji, users in reactions.items()
            ],
            shares=[],
            client_id=row.client_id,
            acting_admin=user(row.acting_admin_id) if row.acting_admin_id else None,
            mentions_room=EVERYBODY in row.mentions,
            pinned=row.pinned_at is not None,
        )


def _people(row: Message) -> Iterator[int]:
    yield row.user_id
    if row.acting_admin_id:
        yield row.acting_admin_id
    if row.deleted_at is None:
        yield from (user_id for user_id in row.mentions if user_id != EVERYBODY)
        yield from chain.from_iterable(row.reactions.values())


def silence(sanction: Sanction | None) -> schemas.Silence | None:
    if sanction is None:
        return None
    return schemas.Silence(automatic=sanction.is_automatic, until=sanction.until, reason=sanction.reason)


def event(message: schemas.Message, applied: int) -> schemas.RoomEvent:
    """The newest change of a message, for a reader that has applied all changes up to ``applied``."""
    kind: schemas.EventType = "message.created" if message.seq > applied else "message.updated"
    return schemas.RoomEvent(
        seq=message.changed_seq, type="message.deleted" if message.deleted else kind, message=message
    )
