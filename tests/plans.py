"""A room of any size, made inside the database, and what the database does for one of our own queries in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

from sqlalchemy import Integer, String, cast, insert, literal, select, text
from sqlalchemy.orm import Session

from galaxy_communication import queries, room_queries
from galaxy_communication.database import Database
from galaxy_communication.models import Membership, Message, Room
from galaxy_communication.writer import MAX_BATCH
from tests.statements import explained, recorded

#: Every author has so many messages of the room.
AUTHORS = 100
#: Members of a room at most: more than any Galaxy has at once.
MEMBERS = 200_000
PAGE, SYNC = 50, 301
MOMENT = datetime(2026, 1, 1, tzinfo=timezone.utc)

Query = Callable[[Session], object]


def history_queries(room_id: int, newest: int) -> dict[str, Query]:
    """All that storing and reading asks about a room's messages and members."""
    middle = newest // 2

    def sent_before(session: Session) -> object:
        """By a full batch of many people, some of whom have sent theirs before."""
        keys = {(room_id, number % AUTHORS, f"c{number if number < 10 else -number}") for number in range(1, MAX_BATCH)}
        return queries.messages_by_client_id(session, keys)

    def members(session: Session) -> object:
        return room_queries.memberships_of(session, {(room_id, number) for number in range(MAX_BATCH)})

    def last_written(session: Session) -> object:
        return queries.newest_by(session, {(room_id, number) for number in range(MAX_BATCH)})

    return {
        "the newest page": lambda session: queries.page_before(session, room_id, None, PAGE),
        "a page before a number": lambda session: queries.page_before(session, room_id, middle, PAGE),
        "a page after a number": lambda session: queries.page_after(session, room_id, middle, PAGE),
        "the oldest page": lambda session: queries.page_after(session, room_id, 0, PAGE),
        "changes since a number": lambda session: queries.changed_since(session, room_id, middle, SYNC),
        "one message": lambda session: queries.message(session, middle),
        "what was sent before": sent_before,
        "who may send": members,
        "who waits in slow mode": last_written,
    }


def fill(database: Database, count: int) -> int:
    """A new room with ``count`` messages and as many members, up to a limit; made by the database."""

    def write(session: Session) -> int:
        room = Room(kind="public", name="large", head_seq=count)
        session.add(room)
        session.flush()
        steps = select(literal(1, Integer).label("n")).cte(recursive=True)
        steps = steps.union_all(select(steps.c.n + 1).where(steps.c.n < count))
        n = steps.c.n
        rows = select(
            literal(room.id),
            n,
            n,
            n % AUTHORS,
            literal("c").concat(cast(n, String)),
            literal("x" * 200),
            literal(MOMENT),
        )
        columns = ["room_id", "seq", "changed_seq", "user_id", "client_id", "text", "created_at"]
        session.execute(insert(Message).from_select(columns, rows, include_defaults=False))
        people = select(literal(room.id), n, literal("member"), literal(0), literal("all"), literal(MOMENT))
        columns = ["room_id", "user_id", "role", "read_seq", "notify", "joined_at"]
        session.execute(insert(Membership).from_select(columns, people.where(n <= MEMBERS), include_defaults=False))
        return room.id

    room_id = database.write_now(write)
    database.write_now(lambda session: session.execute(text("ANALYZE")))
    return room_id


def plan(database: Database, query: Query, *, analyze: bool = False) -> str:
    """The plans of all statements of a query, as it really runs.

    :param analyze: with the time and the rows of each step, where the database tells them.
    """
    with recorded(database.engine) as statements:
        database.read_now(query)
    return explained(database.engine, statements, analyze=analyze)
