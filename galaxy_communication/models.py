"""The tables. They live in Galaxy's database or in one of their own, so nothing here refers to Galaxy's tables.

``user_id`` is Galaxy's number of a user, without a foreign key: Galaxy never removes a user's row.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

PREFIX = "galaxy_communication_"
#: In place of a user's number: everybody in the room. Galaxy counts from 1.
EVERYBODY = 0
#: Likewise: who acts where the chat itself does.
THE_CHAT = 0

#: In the order of its characters, as in SQLite, so that all that begins with the same is next to each other.
PublicName = String(255).with_variant(String(255, collation="C"), "postgresql")
#: SQLite numbers rows by itself only in a column of type INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


#: SQLite would give the number of the last row again when that is removed; links and the audit log know them for good.
NUMBERED_ONCE = {"sqlite_autoincrement": True}
#: In place of a room's kind: nobody sees it any more, and its messages are being removed.
REMOVED = "removed"


#: Sorts after all that Galaxy allows in a public name, whatever the database's language. A ``z`` would not: an Estonian
#: one is followed by the ``t``, and where punctuation or digits come, each has a mind of its own.
LAST_CHARACTER = "龥"


def now() -> datetime:
    return datetime.now(timezone.utc)


def begins_with(name: Any, prefix: str) -> ColumnElement[bool]:
    """So that an index of names finds them; what is in that range in some language only is left out.

    :param name: a column.
    """
    return and_(name.between(prefix, prefix + LAST_CHARACTER), name.startswith(prefix, autoescape=True))


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in and out, also on SQLite, which stores no offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=timezone.utc)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: dict[Any, Any] = {datetime: UtcDateTime}  # noqa: RUF012  # declared so by SQLAlchemy


class Room(Base):
    """``head_seq`` is the room's counter: the number of its newest change."""

    __tablename__ = PREFIX + "room"
    __table_args__ = (Index(None, "kind", "id"), NUMBERED_ONCE)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    """`text.name_key` of rooms found by name; null for those that are not."""
    binding: Mapped[str | None] = mapped_column(String(64), unique=True, index=True)
    """What, other than a name, there is one room of: ``direct:1:2``, ``group:5``, ``role:7``, with Galaxy's numbers."""
    topic: Mapped[str] = mapped_column(Text, default="")
    head_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    member_count: Mapped[int] = mapped_column(Integer, default=0)
    slow_mode_seconds: Mapped[int] = mapped_column(Integer, default=0)
    read_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Only moderators write."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Counts the changes of all that people set, so that other processes notice them."""
    configured: Mapped[bool] = mapped_column(default=False, server_default=false())
    """``galaxy.yml`` names it."""


class Membership(Base):
    __tablename__ = PREFIX + "membership"

    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), default="member")
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    notify: Mapped[str] = mapped_column(String(16), default="mentions")
    joined_at: Mapped[datetime] = mapped_column(default=now)
    muted_until: Mapped[datetime | None]
    notified_seq: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """The message that Galaxy last notified them of; there is no other notification until they have read it."""

    @property
    def muted(self) -> bool:
        return self.muted_until is not None and self.muted_until > now()


class Message(Base):
    """``seq`` is its number at creation and its place; ``changed_seq`` that of its newest change."""

    __tablename__ = PREFIX + "message"
    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        UniqueConstraint("room_id", "changed_seq"),
        UniqueConstraint("user_id", "room_id", "client_id"),
        Index(None, "room_id", "user_id", "seq"),
        Index(None, "user_id", "id"),
        Index(
            PREFIX + "message_pinned",
            "room_id",
            "pinned_at",
            sqlite_where=sql("pinned_at IS NOT NULL"),
            postgresql_where=sql("pinned_at IS NOT NULL"),
        ),
        NUMBERED_ONCE,
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    seq: Mapped[int] = mapped_column(BigInteger)
    changed_seq: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(Integer)
    client_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    reply_to_id: Mapped[int | None] = mapped_column(Key)
    """Stays when the message that it answers is removed, and then names nothing."""
    acting_admin_id: Mapped[int | None] = mapped_column(Integer)
    """The administrator who last wrote, changed or deleted it in the author's place. Never taken back: what the author
    changes later may still be another's words."""
    reactions: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict, server_default="{}")
    """User ids by emoji, both in the order of reacting. Never changed in place: each change is a new dictionary."""
    mentions: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    """Whom it addresses, `EVERYBODY` among them; never changed in place."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    pinned_at: Mapped[datetime | None]

    def columns(self) -> dict[str, Any]:
        return {column.key: getattr(self, column.key) for column in Message.__table__.columns}


class Mention(Base):
    """`Message.mentions` the other way round, to count what is unread; deleted with its message."""

    __tablename__ = PREFIX + "mention"

    user_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)


class Revision(Base):
    """What a message said before it was edited. That of a deleted one is still in its row."""

    __tablename__ = PREFIX + "revision"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey(Message.id), index=True)
    text: Mapped[str] = mapped_column(Text)
    replaced_at: Mapped[datetime] = mapped_column(default=now)


class Person(Base):
    """Somebody who has come to the chat at least once, and how they want it."""

    __tablename__ = PREFIX + "person"

    user_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    username: Mapped[str | None] = mapped_column(PublicName, index=True)
    """As it was when they last came: to look for people by; what is shown is asked of Galaxy."""
    presence: Mapped[bool] = mapped_column(default=True)
    typing: Mapped[bool] = mapped_column(default=True)
    notifications: Mapped[bool] = mapped_column(default=True)
    sound: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str | None] = mapped_column(String(8))
    """None where it is Galaxy's."""


class PersonMute(Base):
    """``user_id`` does not want to hear ``muted_id``."""

    __tablename__ = PREFIX + "person_mute"

    user_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    muted_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


class Impersonation(Base):
    """In the session of Galaxy's with this number an administrator acts as its user.

    Galaxy gives no number twice and keeps its sessions' rows, so nothing is removed here either.
    """

    __tablename__ = PREFIX + "impersonation"

    session_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    admin_id: Mapped[int] = mapped_column(Integer)


class Worker(Base):
    """A process that serves the chat, as it was when it last said so. It removes its row at its end; of one that had no
    time for that, others do."""

    __tablename__ = PREFIX + "worker"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    """``host:pid``"""
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    connections: Mapped[int] = mapped_column(Integer)
    online: Mapped[int] = mapped_column(Integer)
    """People; who is connected to two processes is counted in both."""
    queue: Mapped[int] = mapped_column(Integer)
    """What waits to be stored."""
    sent: Mapped[int] = mapped_column(Integer)
    """Messages, in the last minute."""
    metrics: Mapped[str | None] = mapped_column(Text, deferred=True)
    """What it counts, in Prometheus's text format; loaded only for those who ask for it."""


class Lease(Base):
    """Who may do what only one process does at a time, and for how long unless they ask again (`leases`)."""

    __tablename__ = PREFIX + "lease"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(255))
    until: Mapped[datetime]
