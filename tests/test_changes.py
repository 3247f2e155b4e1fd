"""Edits, deletions and reactions, as they are stored: numbers, rights, doing things twice. On both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from galaxy_communication import queries, room_queries, rooms, schemas
from galaxy_communication.changes import MAX_EMOJI
from galaxy_communication.commands import Command, Delete, Edit, React, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import Archived, ChatError, Conflict, Forbidden, NotFound, RateLimited
from galaxy_communication.identity import Identity
from galaxy_communication.models import Message, Room
from tests.storage import ADA, BEN, command, join_lobby, stored

EVE, ADMIN = Identity(3, "eve", False), Identity(4, "root", True)
ADMIN_AS_ADA = Identity(ADA.user_id, "ada", False, acting_admin_id=ADMIN.user_id)


def told(database: Database, *batch: Command) -> list[schemas.Message]:
    outcomes = stored(database, *batch)
    messages = [outcome.message for outcome in outcomes if isinstance(outcome, Stored)]
    assert len(messages) == len(batch), outcomes
    return messages


def refused(database: Database, command: Command) -> type[ChatError]:
    (outcome,) = stored(database, command)
    assert isinstance(outcome, ChatError), outcome
    return type(outcome)


@pytest.fixture
def message(database: Database, lobby: int) -> int:
    """Ada's, with the number 1."""
    (sent,) = told(database, command(lobby, "a", body="first"))
    return int(sent.id)


def test_every_change_takes_the_next_number_in_the_order_of_the_batch(
    database: Database, lobby: int, message: int
) -> None:
    changes = told(
        database,
        Edit(ADA, message, "second"),
        command(lobby, "b", BEN),
        React(BEN, message, "👍", on=True),
        Edit(ADA, message, "third"),
        Delete(ADA, message),
    )
    assert [change.changed_seq for change in changes] == [2, 3, 4, 5, 6]
    assert [change.seq for change in changes] == [1, 3, 1, 1, 1]
    assert [change.text for change in changes] == ["second", "text", "second", "third", ""], "each as it was then"
    assert [len(change.reactions) for change in changes] == [0, 0, 1, 1, 0]
    assert [change.deleted for change in changes] == [False] * 4 + [True]
    row = database.read_now(lambda session: queries.message(session, message))
    assert row is not None
    assert (row.changed_seq, row.text) == (6, "third"), "kept for moderators"
    assert database.read_now(lambda session: room_queries.head_seqs(session, {lobby})) == {lobby: (6, 0)}


@pytest.mark.parametrize("kind", ["edit", "delete", "react", "unreact"])
def test_done_twice_is_done_once(database: Database, lobby: int, message: int, kind: str) -> None:
    commands: dict[str, Command] = {
        "edit": Edit(ADA, message, "new"),
        "delete": Delete(ADA, message),
        "react": React(ADA, message, "👍", on=True),
        "unreact": React(ADA, message, "👍", on=False),
    }
    twice = commands[kind]
    if kind == "unreact":
        told(database, React(ADA, message, "👍", on=True))
    outcomes = [*stored(database, twice, twice), *stored(database, twice)]
    assert [outcome.fresh for outcome in outcomes if isinstance(outcome, Stored)] == [True, False, False]
    (last,) = told(database, command(lobby, "next"))
    assert last.seq == (4 if kind == "unreact" else 3)


def test_an_edit_says_when_and_a_reaction_is_none(database: Database, message: int) -> None:
    reacted, edited = told(database, React(BEN, message, "👍", on=True), Edit(ADA, message, "new"))
    assert reacted.edited_at is None
    assert edited.edited_at is not None
    assert edited.edited_at >= edited.created_at


def test_reactions_name_people_in_the_order_of_reacting(database: Database, message: int) -> None:
    told(database, React(BEN, message, "👍", on=True), React(ADA, message, "🧬", on=True))
    (both,) = told(database, React(ADA, message, "👍", on=True))
    assert [(one.emoji, one.count, [user.id for user in one.users]) for one in both.reactions] == [
        ("👍", 2, ["2", "1"]),
        ("🧬", 1, ["1"]),
    ]
    (one,) = told(database, React(ADA, message, "🧬", on=False))
    assert [reaction.emoji for reaction in one.reactions] == ["👍"]
    (again,) = told(database, React(ADA, message, "👍", on=False))
    assert [(one.emoji, one.count) for one in again.reactions] == [("👍", 1)]


def test_a_message_has_a_bounded_number_of_different_reactions(database: Database, message: int) -> None:
    emoji = [chr(0x1F600 + number) for number in range(MAX_EMOJI + 1)]
    told(database, *(React(BEN, message, one, on=True) for one in emoji[:-1]))
    assert refused(database, React(ADA, message, emoji[-1], on=True)) is Conflict
    told(database, React(ADA, message, emoji[0], on=True))


def test_only_the_author_edits_and_moderators_delete(database: Database, message: int) -> None:
    for other in (BEN, EVE, ADMIN):
        assert refused(database, Edit(other, message, "mine now")) is Forbidden
    for other in (BEN, EVE):
        assert refused(database, Delete(other, message)) is Forbidden
    assert refused(database, React(EVE, message, "👍", on=True)) is Forbidden, "not a member"
    (gone,) = told(database, Delete(ADMIN, message))
    assert gone.deleted
    assert gone.user.id == str(ADA.user_id)


def marks(messages: list[schemas.Message]) -> list[str | None]:
    return [message.acting_admin.id if message.acting_admin else None for message in messages]


def test_what_an_administrator_writes_in_anothers_place_is_marked_for_ever(database: Database, lobby: int) -> None:
    written, edited = told(database, command(lobby, "a", ADMIN_AS_ADA), command(lobby, "b"))
    assert marks([written, edited]) == ["4", None]
    own, others = int(written.id), int(edited.id)
    assert marks(told(database, Edit(ADA, own, "new"), Edit(ADMIN_AS_ADA, others, "new"))) == ["4", "4"]
    assert marks(told(database, Edit(ADA, others, "newer"), Delete(ADA, others))) == ["4", "4"]


def test_a_deletion_in_anothers_place_is_marked_and_reactions_are_not(database: Database, message: int) -> None:
    assert marks(told(database, React(ADMIN_AS_ADA, message, "👍", on=True))) == [None]
    assert marks(told(database, Edit(ADMIN_AS_ADA, message, "first"))) == [None], "nothing changed"
    assert marks(told(database, Delete(ADMIN_AS_ADA, message))) == ["4"]


def test_who_moderates_in_anothers_place_says_nothing_of_the_author(database: Database, lobby: int) -> None:
    (bens,) = told(database, command(lobby, "a", BEN))
    acting = Identity(ADA.user_id, "ada", True, acting_admin_id=ADMIN.user_id)
    assert marks(told(database, Delete(acting, int(bens.id)))) == [None]


def test_a_deleted_message_changes_no_more(database: Database, message: int) -> None:
    told(database, React(BEN, message, "👍", on=True), Delete(ADA, message))
    assert refused(database, Edit(ADA, message, "back")) is Conflict
    assert refused(database, React(BEN, message, "👍", on=False)) is Conflict


def test_an_archived_room_takes_only_deletions(database: Database, message: int) -> None:
    database.write_now(lambda session: room_queries.set_archived(session, room_queries.lobby(session), archived=True))
    assert refused(database, Edit(ADA, message, "new")) is Archived
    assert refused(database, React(BEN, message, "👍", on=True)) is Archived
    assert told(database, Delete(ADA, message))[0].deleted


def test_what_one_may_not_know_of_is_not_there(database: Database) -> None:
    """The same words for a hidden room's message and for none."""

    def hide(session: Session) -> int:
        room = Room(kind="private", name="secret")
        session.add(room)
        session.flush()
        room_queries.add_membership(session, room.id, ADA.user_id)
        return room.id

    secret = database.write_now(hide)
    (sent,) = told(database, command(secret, "a"))
    for number in (int(sent.id), 999):
        for attempt in (Edit(BEN, number, "x"), Delete(BEN, number), React(BEN, number, "👍", on=True)):
            (outcome,) = stored(database, attempt)
            assert isinstance(outcome, NotFound)
            assert outcome.message == "There is no such message."


def test_a_reader_sees_one_moment(postgresql_database: str) -> None:
    """What is stored while it reads is not half in what it finds. (A reader keeps SQLite's writers out.)"""
    database = Database(postgresql_database)
    database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, []))
    lobby = join_lobby(database)
    (sent,) = told(database, command(lobby, "a"))

    def read(session: Session) -> tuple[int, list[Message]]:
        head = room_queries.head_seqs(session, {lobby})[lobby][0]
        told(database, React(BEN, int(sent.id), "👍", on=True), command(lobby, "b"))
        return head, queries.changed_since(session, lobby, 0, 10)

    head, rows = database.read_now(read)
    assert [(row.changed_seq, row.reactions) for row in rows] == [(1, {})]
    assert head == 1
    database.close()


def set_room(database: Database, room_id: int, **values: object) -> None:
    database.write_now(lambda session: session.execute(update(Room).where(Room.id == room_id).values(**values)))


def test_slow_mode_counts_what_is_stored_and_what_is_in_the_batch(database: Database, lobby: int) -> None:
    told(database, command(lobby, "stored", BEN))
    set_room(database, lobby, slow_mode_seconds=60)
    outcomes = stored(
        database,
        command(lobby, "a"),
        command(lobby, "b"),
        command(lobby, "a"),
        command(lobby, "c", BEN),
        command(lobby, "stored", BEN),
    )
    assert [type(outcome) for outcome in outcomes] == [Stored, RateLimited, Stored, RateLimited, Stored]
    waits = [outcome for outcome in outcomes if isinstance(outcome, RateLimited)]
    assert [wait.reason for wait in waits] == ["slow_mode", "slow_mode"]
    assert waits[0].retry_after == 60
    assert refused(database, command(lobby, "b")) is RateLimited


def test_a_read_only_room_keeps_what_its_members_said(database: Database, lobby: int, message: int) -> None:
    set_room(database, lobby, read_only=True)
    for change in (command(lobby, "b"), Edit(ADA, message, "other"), React(BEN, message, "👍", on=True)):
        assert refused(database, change) is Forbidden
    (deleted,) = told(database, Delete(ADA, message))
    assert deleted.deleted
