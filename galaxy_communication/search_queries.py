"""Full text search: PostgreSQL's own, or SQLite's FTS5, behind one function. Reads only, and only what one may read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table, union
from sqlalchemy.orm import Session

from .models import PREFIX, Membership, Message, Room
from .moderation_models import Sanction, in_force
from .permissions import LISTED_KINDS
from .text import SearchTerm

SEARCH = PREFIX + "message_search"
_FTS5 = table(SEARCH, column("rowid"))
#: The very expression of PostgreSQL's index. Its parser would take a file or host name for one word, and leave out what
#: looks like a tag, so ASCII's punctuation is taken away first; FTS5 does so by itself.
_WORDS = rf"regexp_replace({Message.__tablename__}.text, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')"
_VECTOR: ColumnElement[str] = literal_column(f"to_tsvector('simple', {_WORDS})")


@dataclass(frozen=True)
class Search:
    terms: Sequence[SearchTerm]
    """At least one."""
    room_id: int | None = None
    user_id: int | None = None
    before_id: int | None = None
    before: datetime | None = None
    after: datetime | None = None
    limit: int = 50


def find(session: Session, reader_id: int, search: Search) -> list[Message]:
    """The newest first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    statement, number = _sqlite(search.terms) if is_sqlite else _postgresql(search.terms)
    statement = statement.where(Message.deleted_at.is_(None), _readable(reader_id))
    if search.room_id is not None:
        statement = statement.where(Message.room_id == search.room_id)
    if search.user_id is not None:
        statement = statement.where(Message.user_id == search.user_id)
    if search.before_id is not None:
        statement = statement.where(number < search.before_id)
    if search.before is not None:
        statement = statement.where(Message.created_at < search.before)
    if search.after is not None:
        statement = statement.where(Message.created_at > search.after)
    return list(session.scalars(statement.order_by(number.desc()).limit(search.limit)))


def _readable(reader_id: int) -> ColumnElement[bool]:
    mine = select(Membership.room_id).where(Membership.user_id == reader_id)
    banned = select(Sanction.room_id).where(Sanction.user_id == reader_id, Sanction.kind == "room_ban", in_force())
    listed = select(Room.id).where(Room.kind.in_(LISTED_KINDS), Room.id.not_in(banned))
    return Message.room_id.in_(union(mine, listed))


Matching = tuple[Select[tuple[Message]], ColumnElement[Any]]
"""The messages that match, and the number to go through them by."""


def _sqlite(terms: Sequence[SearchTerm]) -> Matching:
    """Its own number, from the newest on: so FTS5 gives one hit after the other, and stops when there are enough."""
    quoted = (f'"{" ".join(term.words)}"{"" if term.complete else "*"}' for term in terms)
    wanted = literal_column(SEARCH).op("MATCH")(" ".join(quoted))
    return select(Message).join(_FTS5, _FTS5.c.rowid == Message.id).where(wanted), _FTS5.c.rowid


def _postgresql(terms: Sequence[SearchTerm]) -> Matching:
    wanted = " & ".join(_postgresql_term(term) for term in terms)
    simple: ColumnElement[str] = literal_column("'simple'")
    matches = _VECTOR.op("@@")(func.to_tsquery(simple, wanted))
    return select(Message).where(matches), Message.id.expression


def _postgresql_term(term: SearchTerm) -> str:
    """Words have no punctuation, so they can stand in quotation marks as they are."""
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{'' if term.complete else ':*'})"
