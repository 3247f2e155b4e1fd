"""Whatever a room holds, a page of it costs look-ups in an index: nothing reads a table through or sorts it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from galaxy_communication.database import Database
from galaxy_communication.models import PREFIX, Message
from tests.plans import fill, history_queries, plan

#: Enough that a database which plans by size has the choice.
MESSAGES = 40_000
#: SQLite names the table that it reads through; a list of keys it has to.
COSTLY = ("Seq Scan", f"SCAN {PREFIX}", "Sort", "TEMP B-TREE")


def test_every_way_into_the_history_is_an_index_lookup(database: Database) -> None:
    room_id = fill(database, MESSAGES)
    fill(database, MESSAGES)
    for name, query in history_queries(room_id, MESSAGES).items():
        found = plan(database, query)
        assert PREFIX in found, name
        for costly in COSTLY:
            assert costly not in found, f"{name}: {found}"
        assert "Index" in found or "USING INDEX" in found or "USING INTEGER PRIMARY KEY" in found, f"{name}: {found}"


def test_the_check_would_see_a_scan_and_a_sort(database: Database) -> None:
    fill(database, MESSAGES)

    def scan(session: Session) -> object:
        return session.scalars(select(Message.id).where(Message.text == "nothing").order_by(Message.user_id)).all()

    found = plan(database, scan)
    assert [costly for costly in COSTLY if costly in found], found
