"""Full text search: PostgreSQL's own, or SQLite's FTS5, behind one function. Reads only, and only what one may read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, column, func, literal_column, select, table, union
from sqlalchemy.orm import Session

from .models import PREFIX, Membership, Message, Room
from .permissions import LISTED_KINDS

_FTS5 = table(PREFIX + "message_search", column("rowid"))


@dataclass(frozen=True)
class Search:
    terms: list[str]
    """Words and phrases, as `text.search_terms` gives them, at least one; a word also finds what begins with it."""
    room_id: int | None = None
    user_id: int | None = None
    before_id: int | None = None
    before: datetime | None = None
    after: datetime | None = None
    limit: int = 50


def find(session: Session, reader_id: int, search: Search) -> list[Message]:
    """The newest first."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    matches = _sqlite(search.terms) if is_sqlite else _postgresql(search.terms)
    conditions = [matches, Message.deleted_at.is_(None), _readable(reader_id)]
    if search.room_id is not None:
        conditions.append(Message.room_id == search.room_id)
    if search.user_id is not None:
        conditions.append(Message.user_id == search.user_id)
    if search.before_id is not None:
        conditions.append(Message.id < search.before_id)
    if search.before is not None:
        conditions.append(Message.created_at < search.before)
    if search.after is not None:
        conditions.append(Message.created_at > search.after)
    statement = select(Message).where(*conditions).order_by(Message.id.desc()).limit(search.limit)
    return list(session.scalars(statement))


def _readable(reader_id: int) -> ColumnElement[bool]:
    mine = select(Membership.room_id).where(Membership.user_id == reader_id)
    return Message.room_id.in_(union(mine, select(Room.id).where(Room.kind.in_(LISTED_KINDS))))


def _sqlite(terms: list[str]) -> ColumnElement[bool]:
    quoted = ['"' + term.replace('"', '""') + '"' + ("" if " " in term else "*") for term in terms]
    wanted = literal_column(PREFIX + "message_search").op("MATCH")(" ".join(quoted))
    return Message.id.in_(select(_FTS5.c.rowid).where(wanted))


def _postgresql(terms: list[str]) -> ColumnElement[bool]:
    # The configuration as a literal: the index is one of this very expression.
    simple: ColumnElement[str] = literal_column("'simple'")
    text = func.to_tsvector(simple, Message.text)
    return and_(*(text.op("@@")(_postgresql_term(simple, term)) for term in terms))


def _postgresql_term(configuration: ColumnElement[str], term: str) -> ColumnElement[str]:
    if " " in term:
        return func.phraseto_tsquery(configuration, term)
    escaped = term.replace("\\", "\\\\").replace("'", "''")
    return func.to_tsquery(configuration, f"'{escaped}':*")
