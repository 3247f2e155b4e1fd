"""The tables of what keeps the peace: sanctions, reports, the audit log, and what administrators have set."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from .models import PREFIX, THE_CHAT, Base, Key, Message, Room, now


class Sanction(Base):
    """A silence (reads, but does not write) or a ban (is not let in). In force until it is lifted or over."""

    __tablename__ = PREFIX + "sanction"
    __table_args__ = (Index(None, "room_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """``silence``, ``ban``, or ``room_ban``: no ban from one room is ever taken for one from the chat."""
    room_id: Mapped[int | None] = mapped_column(ForeignKey(Room.id, ondelete="CASCADE"))
    """Of a ``room_ban``."""
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(default=now)
    until: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]

    @property
    def is_automatic(self) -> bool:
        """Of those who flooded a room; nobody else is silenced without somebody's decision."""
        return self.actor_id == THE_CHAT

    @property
    def in_force(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > now())

    def seconds_left(self) -> float | None:
        """None where it has no end of its own."""
        return (self.until - now()).total_seconds() if self.until else None


def in_force() -> ColumnElement[bool]:
    """As `Sanction.in_force`, of rows."""
    return and_(Sanction.lifted_at.is_(None), or_(Sanction.until.is_(None), Sanction.until > now()))


class Setting(Base):
    """What administrators decide while Galaxy runs."""

    __tablename__ = PREFIX + "setting"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


class Audit(Base):
    """What somebody did to people, rooms or other people's messages. Written with the act itself; nothing here is ever
    changed or removed, so it refers to rooms and messages that may be gone."""

    __tablename__ = PREFIX + "audit"
    __table_args__ = (Index(None, "actor_id", "id"), Index(None, "target_id", "id"), Index(None, "room_id", "id"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    actor_id: Mapped[int] = mapped_column(Integer)
    act: Mapped[str] = mapped_column(String(32))
    room_id: Mapped[int | None] = mapped_column(Key)
    target_id: Mapped[int | None] = mapped_column(Integer)
    """The user whom it was done to."""
    message_id: Mapped[int | None] = mapped_column(Key)
    reason: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    acting_admin_id: Mapped[int | None] = mapped_column(Integer)
    """The administrator who did it in the actor's place."""


class Report(Base):
    """Somebody asks the moderators to look at a message. What it said then is in its row and revisions."""

    __tablename__ = PREFIX + "report"
    __table_args__ = (UniqueConstraint("message_id", "reporter_id"), Index(None, "room_id", "id"))

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey(Message.id))
    room_id: Mapped[int] = mapped_column(ForeignKey(Room.id))
    reporter_id: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")
