"""How the chat is used over time: counted by day and by room, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
from sqlalchemy import create_engine, delete
from sqlalchemy.orm import Session

from galaxy_communication import room_queries, usage, usage_queries
from galaxy_communication.database import Database
from galaxy_communication.models import Message, now
from galaxy_communication.usage_queries import Day
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import Server

MIDNIGHT = datetime(2026, 3, 2, tzinfo=timezone.utc)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
ADMIN = 1
numbers = count(1)


def said(room_id: int, user_id: int, at: datetime, *, deleted: bool = False) -> Message:
    number = next(numbers)
    return Message(
        room_id=room_id,
        user_id=user_id,
        seq=number,
        changed_seq=number,
        client_id=f"{number}",
        text="x",
        created_at=at,
        deleted_at=at if deleted else None,
    )


def test_days_begin_and_end_in_utc_and_the_deleted_do_not_count(database: Database, lobby: int) -> None:
    rows = [
        said(lobby, 1, MIDNIGHT - 30 * HOUR),
        said(lobby, 1, MIDNIGHT - 24 * HOUR - SECOND),
        said(lobby, 1, MIDNIGHT - 24 * HOUR),
        said(lobby, 2, MIDNIGHT - SECOND),
        said(lobby, 3, MIDNIGHT - SECOND, deleted=True),
        # Numbers of transactions that ended in another order.
        said(lobby, 2, MIDNIGHT + SECOND),
        said(lobby, 1, MIDNIGHT),
        said(lobby, 1, MIDNIGHT - SECOND),
        said(lobby, 1, MIDNIGHT + 2 * SECOND),
    ]

    def write(session: Session) -> None:
        session.add_all(rows)
        session.flush()
        session.execute(delete(Message).where(Message.id.in_([rows[1].id])))  # so that a number is missing

    database.write_now(write)

    def days(since: datetime) -> list[Day]:
        found = database.read_now(lambda session: usage_queries.days(session, usage_queries.said_since(session, since)))
        return sorted(found, key=lambda day: day.date)

    assert days(MIDNIGHT) == [Day("2026-03-02", 3, 2)]
    assert days(MIDNIGHT - 24 * HOUR) == [Day("2026-03-01", 3, 2), Day("2026-03-02", 3, 2)]
    assert days(MIDNIGHT - 48 * HOUR)[0] == Day("2026-02-28", 1, 1)
    assert days(MIDNIGHT + 24 * HOUR) == []


def test_before_anything_was_said(database: Database) -> None:
    assert (
        database.read_now(lambda session: usage_queries.rooms(session, usage_queries.said_since(session, now()))) == []
    )


@pytest.fixture
def server(url: str) -> Iterator[Server]:
    engine = create_engine(url)
    create_galaxys_tables(engine)
    make_galaxy_users(url, 3)
    with Server(GalaxyApp(engine, is_admin_user=lambda user: user.id == ADMIN)).running() as running:
        yield running
    engine.dispose()


def test_administrators_see_every_day_and_the_busiest_rooms(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "KEPT_TIMES", 1_000_000)
    today = now()
    names = {f"room {number}": number for number in range(1, 13)}

    def write(session: Session) -> None:
        for name, messages in names.items():
            room = room_queries.add_room(session, "private", name)
            session.add_all(said(room.id, 2, today) for _ in range(messages))
        for binding, messages in (("direct:1:2", 4), ("direct:2:3", 5)):
            room = room_queries.add_room(session, "direct", "", binding=binding)
            session.add_all(said(room.id, 3, today) for _ in range(messages))

    server.chat.database.write_now(write)
    visitor = server.visitor(ADMIN)
    found = visitor.get("admin/statistics", days=366)
    assert len(found["days"]) == 366
    assert found["days"] == sorted(found["days"], key=lambda day: day["date"])
    assert sum(day["messages"] for day in found["days"]) == 87
    assert {"date": f"{today:%Y-%m-%d}", "messages": 87, "authors": 2} in found["days"][-2:]
    rooms = [(room["name"], room["kind"], room["messages"]) for room in found["rooms"]]
    busiest = [(name, "private", messages) for name, messages in names.items()][:1:-1]
    assert rooms == sorted([("", "direct", 9), *busiest], key=lambda room: (-room[2], room[0] != "room 9"))
    assert [room["id"] for room in found["rooms"] if room["kind"] == "direct"] == [None]

    server.chat.database.write_now(lambda session: session.execute(delete(Message)))
    assert visitor.get("admin/statistics", days=366) == found, "what took long is kept"
    assert len(visitor.get("admin/statistics")["days"]) == 30
    assert visitor.get("admin/statistics", days=1)["rooms"] == []
    for days in (0, 367):
        assert visitor.request("GET", "admin/statistics", params={"days": days}).status_code == 400
    assert server.visitor(2).request("GET", "admin/statistics").status_code == 403


def test_what_took_no_time_is_counted_anew(server: Server, lobby: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "KEPT_TIMES", 0)
    visitor = server.visitor(ADMIN)
    for messages in range(3):
        assert sum(day["messages"] for day in visitor.get("admin/statistics")["days"]) == messages
        server.chat.database.write_now(lambda session: session.add(said(lobby, 2, now())))
