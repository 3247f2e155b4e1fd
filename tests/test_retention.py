"""What a purge removes and what it leaves, in the tables themselves; and that only one process does it at a time."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import pytest
from sqlalchemy.orm import Session

from galaxy_communication import (
    erasure_queries,
    models,
    purge,
    queries,
    removal_queries,
    retention_settings,
    room_queries,
    search_queries,
    unread_queries,
)
from galaxy_communication.commands import Edit, Pin, Send
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError
from galaxy_communication.identity import Identity
from galaxy_communication.leases import Lease, LeaseLost
from galaxy_communication.models import Mention, Message, Revision, Room, now
from galaxy_communication.moderation_models import Audit, Report
from galaxy_communication.text import search_terms
from tests.people import eventually
from tests.plans import AUTHORS, fill, plan
from tests.storage import ADA, BEN, Nobody, command, end_leases, let_age, rows, sent, stored
from tests.test_query_plans import MESSAGES

#: Small tables may be read through, this one never.
SCAN = re.compile(rf"(?:Seq Scan on|SCAN) {Message.__tablename__}\b")
MODERATOR = Identity(2, "ben", True)


def keep(database: Database, **days: int | None) -> None:
    def write(session: Session) -> None:
        retention_settings.set_rules(session, retention_settings.rules(session).changed(days, None))  # type: ignore[arg-type]

    database.write_now(write)


def test_old_messages_go_with_all_that_is_about_them(database: Database, lobby: int) -> None:
    (ngs,) = (room.id for room in rows(database, Room) if room.name == "NGS")
    database.write_now(lambda session: room_queries.add_membership(session, ngs, ADA.user_id))
    old, pinned, edited, elsewhere = sent(
        database,
        command(lobby, "old", body="ancient words, @ben"),
        command(lobby, "pinned", body="ancient and pinned"),
        command(lobby, "edited"),
        command(ngs, "elsewhere", body="ancient elsewhere"),
    )
    (answer,) = sent(database, command(lobby, "answer", BEN, body="recent words, @ada", reply=old))
    stored(database, Edit(ADA, edited, "edited @ben"), Pin(MODERATOR, pinned, True))

    def report(session: Session) -> None:
        for number in (old, answer):
            session.add(Report(message_id=number, room_id=lobby, reporter_id=3, reason="", resolved_at=now()))
            session.add(Audit(actor_id=3, act="report", room_id=lobby, message_id=number))

    database.write_now(report)
    let_age(database, [old, pinned, edited, elsewhere], days=31)
    let_age(database, [answer], days=29)
    before = {row.id: row.columns() for row in rows(database, Message)}
    head = database.read_now(lambda session: room_queries.head_seqs(session, {lobby}))

    assert purge.run(database, Nobody()) == purge.Outcome(dict.fromkeys(retention_settings.KINDS, 0), [])
    assert {row.id: row.columns() for row in rows(database, Message)} == before, "by default all is kept"

    keep(database, lobby=30, public=1)
    rules = database.read_now(retention_settings.rules)
    assert purge.preview(database, Nobody(), rules).messages["lobby"] == 2
    assert {row.id: row.columns() for row in rows(database, Message)} == before
    outcome = purge.run(database, Nobody())
    assert outcome is not None
    assert (outcome.messages["lobby"], sum(outcome.messages.values())) == (2, 2)

    assert {row.id: row.columns() for row in rows(database, Message)} == {
        number: before[number] for number in (pinned, elsewhere, answer)
    }
    assert [(row.user_id, row.seq) for row in rows(database, Mention)] == [(ADA.user_id, before[answer]["seq"])]
    assert rows(database, Revision) == []
    assert [row.message_id for row in rows(database, Report)] == [answer]
    assert [row.message_id for row in rows(database, Audit)] == [old, answer], "the audit log stays"
    assert database.read_now(lambda session: room_queries.head_seqs(session, {lobby})) == head
    for words, found in (("ancient", [elsewhere, pinned]), ("edited", []), ("recent", [answer])):
        assert searched(database, words) == found
    unread = database.read_now(lambda session: unread_queries.unread(session, {BEN.user_id}, lobby))
    assert unread == {(lobby, BEN.user_id): unread_queries.Unread(1, 0)}
    changed = database.read_now(lambda session: queries.changed_since(session, lobby, 0, 100))
    assert [row.id for row in changed] == [answer, pinned]
    assert database.read_now(retention_settings.last_run) is not None


def searched(database: Database, words: str) -> list[int]:
    search = search_queries.Search(search_terms(words))
    return [row.id for row in database.read_now(lambda session: search_queries.find(session, ADA.user_id, search))]


def test_no_number_is_given_twice(database: Database, lobby: int) -> None:
    """Also not that of the last message of all: links, answers and the audit log name it for good."""
    (last,) = sent(database, command(lobby, "last"))
    let_age(database, [last], days=2)
    keep(database, lobby=1)
    purge.run(database, Nobody())
    assert rows(database, Message) == []
    (refused,) = stored(database, Send(ADA, lobby, "to what is gone", "answer", last))
    assert isinstance(refused, ChatError)
    assert refused.reason == "answered_gone"
    (following,) = sent(database, command(lobby, "following"))
    assert following > last


def test_a_large_room_goes_in_batches_that_find_their_way_by_an_index(database: Database) -> None:
    room_id = fill(database, MESSAGES)
    batches = {
        "old ones": lambda session: removal_queries.remove_old(session, 0, room_id, now()),
        "somebody's": lambda session: erasure_queries.remove_messages(session, 0, 1),
        "disowned": lambda session: erasure_queries.disown_messages(session, 0, 2, -1),
        "the rest": lambda session: removal_queries.remove_rest(session, 0, room_id),
        "rooms": lambda session: removal_queries.rooms_due(session, "public", now()),
        "reactions": lambda session: erasure_queries.replace_reactions(session, 10_000, {3: None}),
        "people": lambda session: erasure_queries.known_after(session, 100, 500),
    }
    for name, batch in batches.items():
        found = plan(database, batch)
        assert not SCAN.search(found), f"{name}: {found}"
    # Of the first author's, some were among the first batch.
    per_author, batch_size = MESSAGES // AUTHORS, removal_queries.BATCH
    left = MESSAGES - 2 * batch_size - (per_author - batch_size // AUTHORS)
    assert len(rows(database, Message)) == left
    keep(database, public=1)
    outcome = purge.run(database, Nobody(), rest=lambda _: None)
    assert outcome is not None
    assert outcome.messages["public"] == left
    assert rows(database, Message) == []


# Exactly one


def test_a_lease_is_one_processs_until_it_ends_or_is_given_back(database: Database) -> None:
    mine, other = (Lease(database, "job") for _ in range(2))
    assert [mine.take(), other.take(), mine.take(), Lease(database, "another job").take()] == [True, False, True, True]
    mine.release()
    assert other.take()
    other.release()
    mine.release()
    assert [row.name for row in rows(database, models.Lease)] == ["another job"]


#: Takes the lease, says so, and does not give it back.
HOLDER = """
import sys, time
from galaxy_communication.database import Database
from galaxy_communication.leases import Lease
print(Lease(Database(sys.argv[1]), "purge").take(), flush=True)
sys.stdin.read()
"""


def test_a_process_that_died_is_followed_when_its_lease_is_over(database: Database, url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        assert purge.run(database, Nobody()) is None
        holder.kill()
    assert purge.run(database, Nobody()) is None, "nobody knows yet that it is dead"
    end_leases(database)
    assert purge.run(database, Nobody()) is not None
    assert rows(database, models.Lease) == []


def test_one_that_slept_too_long_stores_nothing_more(database: Database, lobby: int) -> None:
    sleeper, other = (Lease(database, "purge") for _ in range(2))
    assert sleeper.take()
    end_leases(database)
    assert other.take()
    sent(database, command(lobby, "a"))
    with pytest.raises(LeaseLost):
        sleeper.write(lambda session: removal_queries.remove_old(session, 0, lobby, now()))
    sleeper.release()
    assert len(rows(database, Message)) == 1
    assert [row.holder for row in rows(database, models.Lease)] == [other.holder]


def test_of_several_that_begin_at_once_one_does_it(database: Database, url: str) -> None:
    fill(database, 2 * removal_queries.BATCH)
    keep(database, public=1)
    databases = [Database(url) for _ in range(4)]
    begin = threading.Barrier(len(databases))
    outcomes: list[purge.Outcome | None] = []

    def run(mine: Database) -> None:
        begin.wait()
        outcomes.append(purge.run(mine, Nobody(), if_due=True))

    threads = [threading.Thread(target=run, args=(mine,)) for mine in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (done,) = (outcome for outcome in outcomes if outcome is not None)
    assert (done.messages["public"], len(outcomes)) == (2 * removal_queries.BATCH, 4)
    assert rows(database, Message) == []
    for mine in databases:
        mine.close()


def test_the_daily_thread_does_what_is_due_once_a_day_and_ends_when_told(database: Database, lobby: int) -> None:
    (old,) = sent(database, command(lobby, "old"))
    let_age(database, [old], days=2)
    keep(database, lobby=1)
    daily = purge.Daily(database, Nobody(), first_look=0)
    daily.start()
    last = eventually(lambda: database.read_now(retention_settings.last_run))
    daily.stop()
    assert last is not None
    assert rows(database, Message) == []
    assert purge.run(database, Nobody(), if_due=True) is None
    database.write_now(lambda session: retention_settings.set_last_run(session, last - purge.EVERY))
    assert purge.run(database, Nobody(), if_due=True) is not None
    purge.Daily(database, Nobody()).stop()
