"""What the tables hold of somebody whom Galaxy has deleted or purged, before and after a purge."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy.orm import Session

from galaxy_communication import people_queries, purge, retention_settings, room_queries
from galaxy_communication.commands import Edit, React
from galaxy_communication.database import Database
from galaxy_communication.identity import Identity
from galaxy_communication.models import Base, Membership, Mention, Message, Person, PersonMute, Revision, Room
from galaxy_communication.moderation_models import Audit, Report, Sanction
from galaxy_communication.retention_settings import Erasure
from tests.galaxys_tables import GalaxyApp, HostPeople, User, create_galaxys_tables
from tests.storage import ADA, BEN, Nobody, command, end_leases, let_age, rows, sent, stored

EVE = Identity(3, "eve", False)


class Past:
    """Ada, who is erased later, Ben and Eve: what they did in the lobby, in a room of Ada's, and two by two."""

    def __init__(self, database: Database, lobby: int) -> None:
        self.lobby = lobby
        self.room, self.with_ben, self.with_eve = database.write_now(self._people_and_rooms)
        self.hers, self.second, self.pinned, self.answered, self.direct = sent(
            database,
            command(lobby, "hers", body="Adas words"),
            command(lobby, "second", body="for @ben"),
            command(self.room, "room", body="in her room"),
            command(lobby, "answered", BEN, body="@ada and @eve, see"),
            command(self.with_ben, "direct", body="between us"),
        )
        (self.reply,) = sent(database, command(lobby, "reply", BEN, reply=self.hers))
        stored(
            database,
            Edit(ADA, self.hers, "Adas new words"),
            *(React(who, self.answered, "👍", True) for who in (ADA, BEN)),
            React(ADA, self.answered, "🎉", True),
        )
        database.write_now(self._reports)

    def _people_and_rooms(self, session: Session) -> tuple[int, int, int]:
        for who in (ADA, BEN, EVE):
            people_queries.put_person(session, who.user_id, who.username)
            room_queries.add_membership(session, self.lobby, who.user_id)
        session.add_all([PersonMute(user_id=1, muted_id=3), PersonMute(user_id=2, muted_id=1)])
        session.add(PersonMute(user_id=2, muted_id=3))
        room = room_queries.add_room(session, "private", "Adas room")
        room_queries.add_membership(session, room.id, 1, "owner")
        room_queries.add_membership(session, room.id, 2)
        pairs = [room_queries.add_room(session, "direct", "", binding=f"direct:1:{other}") for other in (2, 3)]
        room_queries.add_memberships(session, pairs[0].id, [1, 2])
        room_queries.add_memberships(session, pairs[1].id, [1])  # Eve has gone before
        return room.id, pairs[0].id, pairs[1].id

    def _reports(self, session: Session) -> None:
        session.add(Report(message_id=self.hers, room_id=self.lobby, reporter_id=2, reason="rude"))
        session.add(Report(message_id=self.answered, room_id=self.lobby, reporter_id=1, reason="rude"))
        session.add(Sanction(user_id=1, kind="silence", actor_id=2))


@pytest.fixture
def past(database: Database, lobby: int) -> Past:
    return Past(database, lobby)


def choose(database: Database, erasure: Erasure) -> None:
    def write(session: Session) -> None:
        retention_settings.set_rules(session, retention_settings.rules(session).changed({}, erasure))

    database.write_now(write)


def snapshot(database: Database) -> dict[str, list[dict[str, Any]]]:
    tables: list[type[Base]] = [
        Room,
        Membership,
        Message,
        Mention,
        Revision,
        Person,
        PersonMute,
        Report,
        Sanction,
        Audit,
    ]
    return {
        table.__tablename__: [
            {column.key: getattr(row, column.key) for column in table.__table__.columns}
            for row in rows(database, table)
        ]
        for table in tables
    }


def erased(database: Database) -> None:
    outcome = purge.run(database, Nobody(ADA.user_id))
    assert outcome is not None
    assert outcome.people == [ADA.user_id]


def what_holds_in_either_case(database: Database, past: Past) -> None:
    assert sorted((row.user_id, row.username) for row in rows(database, Person)) == [(2, "ben"), (3, "eve")]
    assert "ada" not in {row.username for row in rows(database, Person)}
    assert sorted((row.room_id, row.user_id, row.role) for row in rows(database, Membership)) == sorted(
        [(past.lobby, 2, "member"), (past.lobby, 3, "member"), (past.room, 2, "owner"), (past.with_ben, 2, "member")]
    )
    counts = {row.id: row.member_count for row in rows(database, Room) if row.kind != "persistent"}
    assert counts == {past.lobby: 2, past.room: 1, past.with_ben: 1}, "a conversation that both have left is gone"
    assert [(row.user_id, row.muted_id) for row in rows(database, PersonMute)] == [(2, 3)]
    assert ADA.user_id not in {row.user_id for row in rows(database, Mention)}
    messages = {row.id: row for row in rows(database, Message)}
    assert ADA.user_id not in {row.user_id for row in messages.values()}
    assert messages[past.answered].mentions == [EVE.user_id]
    assert messages[past.answered].text == "@ada and @eve, see", "what others wrote stays"
    assert messages[past.reply].reply_to_id == past.hers
    (entry,) = (row for row in rows(database, Audit) if row.act == "erase_user")
    assert (entry.actor_id, entry.target_id) == (0, ADA.user_id)
    assert "ada" not in json.dumps([row.detail for row in rows(database, Audit)])
    assert purge.run(database, Nobody(ADA.user_id)) == purge.Outcome(dict.fromkeys(retention_settings.KINDS, 0), [])


def test_the_text_stays_without_its_author(database: Database, past: Past) -> None:
    before = {row.id: row.columns() for row in rows(database, Message)}
    erased(database)
    what_holds_in_either_case(database, past)
    after = {row.id: row.columns() for row in rows(database, Message)}
    (nobody,) = {after[number]["user_id"] for number in (past.hers, past.second, past.pinned, past.direct)}
    assert nobody < 0, "no user of Galaxy's has such a number"
    for number in (past.hers, past.second, past.pinned, past.direct):
        assert after[number] == {**before[number], "user_id": nobody}
    assert after[past.answered]["reactions"] == {"👍": [nobody, 2], "🎉": [nobody]}
    assert [row.text for row in rows(database, Revision)] == ["Adas words"]
    assert len(rows(database, Report)) == 2


def test_or_it_goes_with_them(database: Database, past: Past) -> None:
    choose(database, "remove")
    rules = database.read_now(retention_settings.rules)
    preview = purge.preview(database, Nobody(ADA.user_id), rules)
    assert (sum(preview.messages.values()), preview.people) == (4, [ADA.user_id])
    erased(database)
    what_holds_in_either_case(database, past)
    messages = {row.id: row for row in rows(database, Message)}
    assert messages.keys() == {past.answered, past.reply}
    assert messages[past.answered].reactions == {"👍": [2]}
    assert rows(database, Revision) == []
    assert [row.message_id for row in rows(database, Report)] == [past.answered]
    assert [(row.user_id, row.seq) for row in rows(database, Mention)] == [(EVE.user_id, messages[past.answered].seq)]


@pytest.mark.parametrize("how", ["keep", "remove"])
def test_nobody_else_is_touched(database: Database, past: Past, how: Erasure) -> None:
    let_age(database, [past.hers, past.pinned], days=1000)
    choose(database, how)
    before = snapshot(database)
    for galaxy in (Nobody(), Nobody(4711)):
        assert purge.preview(database, galaxy, database.read_now(retention_settings.rules)).people == []
        assert purge.run(database, galaxy) is not None
    assert snapshot(database) == before


def test_an_erasure_that_ended_half_way_is_done_again(
    database: Database, past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process may end between any two transactions."""
    done = None
    for transactions in itertools.count(1):
        left = iter(range(transactions))

        def write_while_alive(operation: Callable[[Session], object], left: Iterator[int] = left) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return Database.write_now(database, operation)

        with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
            patched.setattr(database, "write_now", write_while_alive)
            done = purge.run(database, Nobody(ADA.user_id))
        if done is not None:
            break
        end_leases(database)
    assert transactions > 5, "it was interrupted again and again"
    what_holds_in_either_case(database, past)


def test_galaxy_says_who_is_no_more(database: Database) -> None:
    galaxy = GalaxyApp(database.engine)
    create_galaxys_tables(database.engine)
    with galaxy.model.new_session() as session:
        for number, flags in enumerate([(False, False), (True, False), (True, True), (False, True)], 1):
            user = User(email=f"{number}@example.org", password="x", username=f"user{number}")
            user.id, (user.deleted, user.purged) = number, flags
            session.add(user)
        session.commit()
    assert HostPeople(galaxy).gone_users([1, 2, 3, 4, 5]) == {2, 3, 4}
