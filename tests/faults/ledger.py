"""What is stored, read from the tables themselves, and what a client holds, in one shape to compare them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import NullPool, create_engine, select, text

from galaxy_communication.models import Message, Room

from .connection import Json


@dataclass(frozen=True)
class Entry:
    """A message, named by what identifies it on both sides: room, author and client id."""

    room: str
    author: str
    client_id: str
    seq: int
    changed_seq: int
    text: str
    deleted: bool
    edited: bool
    reactions: frozenset[tuple[str, str]]
    """Emoji and user. None on what is deleted."""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.room, self.author, self.client_id


@dataclass(frozen=True)
class Ledger:
    entries: list[Entry]
    heads: dict[str, int]
    """By the room's encoded id."""


def read(url: str, rooms: Mapping[str, str]) -> Ledger:
    """
    :param rooms: encoded ids by name.
    """
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        names = {number: name for number, name in connection.execute(text("SELECT id, username FROM galaxy_user"))}
        columns = Room.name, *Message.__table__.columns
        rows = connection.execute(select(*columns).join(Room, Room.id == Message.room_id)).mappings().all()
        heads = {
            rooms[name]: head for name, head in connection.execute(select(Room.name, Room.head_seq)) if name in rooms
        }
    entries = [
        Entry(
            room=rooms[row["name"]],
            author=names[row["user_id"]],
            client_id=row["client_id"],
            seq=row["seq"],
            changed_seq=row["changed_seq"],
            text="" if row["deleted_at"] else row["text"],
            deleted=row["deleted_at"] is not None,
            edited=row["edited_at"] is not None,
            reactions=frozenset(
                (emoji, names[user])
                for emoji, users in ({} if row["deleted_at"] else row["reactions"]).items()
                for user in users
            ),
        )
        for row in rows
    ]
    return Ledger(entries, heads)


def entry(message: Json) -> Entry:
    """Of a message as it crossed the wire."""
    return Entry(
        room=message["room_id"],
        author=message["user"]["username"],
        client_id=message["client_id"],
        seq=message["seq"],
        changed_seq=message["changed_seq"],
        text=message["text"],
        deleted=message["deleted"],
        edited=message["edited_at"] is not None,
        reactions=frozenset(
            (reaction["emoji"], user["username"])
            for reaction in ([] if message["deleted"] else message["reactions"])
            for user in reaction["users"]
        ),
    )
