"""The tables. They live in Galaxy's database or in one of their own, so nothing here refers to Galaxy's tables.

``user_id`` is Galaxy's number of a user, without a foreign key: Galaxy never removes a user's row.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

PREFIX = "galaxy_communication_"

#: SQLite numbers rows by itself only in a column of type INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")


def now() -> datetime:
    return datetime.now(timezone.utc)


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

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(255))
    name_key: Mapped[str | None] = mapped_column(String(255), unique=True)
    """`text.name_key` of rooms found by name; null for those that are not."""
    topic: Mapped[str] = mapped_column(Text, default="")
    head_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    member_count: Mapped[int] = mapped_column(Integer, default=0)
    slow_mode_seconds: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    archived_at: Mapped[datetime | None]


class Membership(Base):
    __tablename__ = PREFIX + "membership"

    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id), primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), default="member")
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    notify: Mapped[str] = mapped_column(String(16), default="mentions")
    joined_at: Mapped[datetime] = mapped_column(default=now)


class Message(Base):
    """``seq`` is its number at creation and its place; ``changed_seq`` that of its newest change."""

    __tablename__ = PREFIX + "message"
    __table_args__ = (
        UniqueConstraint("room_id", "seq"),
        UniqueConstraint("room_id", "changed_seq"),
        UniqueConstraint("user_id", "room_id", "client_id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    seq: Mapped[int] = mapped_column(BigInteger)
    changed_seq: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(Integer)
    client_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("galaxy_communication_message.id"))
    acting_admin_id: Mapped[int | None] = mapped_column(Integer)
    reactions: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict, server_default="{}")
    """User ids by emoji, both in the order of reacting. Never changed in place: each change is a new dictionary."""
    created_at: Mapped[datetime] = mapped_column(default=now)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    def columns(self) -> dict[str, Any]:
        return {column.key: getattr(self, column.key) for column in Message.__table__.columns}
