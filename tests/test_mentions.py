"""Whom a message addresses, what is counted for them, and what is kept of a message's past; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from galaxy_communication import mentions, people_queries, queries, room_queries, text, unread_queries
from galaxy_communication.changes import MAX_PINS
from galaxy_communication.commands import Command, Delete, Edit, Pin, Send, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError, Conflict, Forbidden, Invalid, RateLimited, Silenced
from galaxy_communication.identity import Identity
from galaxy_communication.models import EVERYBODY, Mention
from galaxy_communication.moderation_models import Sanction
from galaxy_communication.permissions import MAX_ADDRESSED_BY_ANYBODY
from galaxy_communication.unread_queries import Unread
from tests.storage import ADA, BEN, command, stored

EVE = Identity(3, "eve", False)


def told(database: Database, *batch: Command) -> list[Stored]:
    outcomes = stored(database, *batch)
    for outcome in outcomes:
        assert isinstance(outcome, Stored), outcome
    return [outcome for outcome in outcomes if isinstance(outcome, Stored)]


def refused(database: Database, attempt: Command) -> type[ChatError]:
    (outcome,) = stored(database, attempt)
    assert isinstance(outcome, ChatError), outcome
    return type(outcome)


def unread(database: Database, reader: Identity) -> Unread:
    found = database.read_now(lambda session: unread_queries.unread(session, {reader.user_id}))
    return next(iter(found.values()), Unread())


def rows(database: Database) -> set[tuple[int, int]]:
    """Of the mentions that are counted: user and number."""
    found = database.read_now(lambda session: session.execute(select(Mention.user_id, Mention.seq)).all())
    return {(user, seq) for user, seq in found}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("@ada, look", ["ada"]),
        ("thanks @ada.", ["ada"]),
        ("(@ben)", ["ben"]),
        ("@ADA and @ada and @ben", ["ada", "ben"]),
        ("mail ada@ben.org", []),
        ("`@ada` and\n```\n@ben\n```", []),
        ("```\n@ada never closed", []),
        ("@nobody @ada", ["ada"]),
        ("@room @ben", ["everybody", "ben"]),
        ("@@ada", []),
        ("**@ada** said", ["ada"]),
    ],
)
def test_names_in_a_text(source: str, expected: list[str]) -> None:
    users = {"ada": 1, "ben": 2}
    found = mentions.users_in(source, {name: users[name] for name in mentions.names_in([source]) & users.keys()})
    assert found == [{"everybody": EVERYBODY, **users}[name] for name in expected]


def test_a_name_may_end_with_what_ends_a_sentence() -> None:
    assert mentions.users_in("@ada. said", {"ada": 1, "ada.": 7}) == [7]


def test_members_alone_are_addressed_and_counted(database: Database, lobby: int) -> None:
    (sent,) = told(database, command(lobby, "a", body="@ben and @eve, and me, @ada"))
    assert [user.id for user in sent.message.mentions] == [str(BEN.user_id), str(ADA.user_id)]
    assert sent.addressed == (BEN.user_id, ADA.user_id)
    assert unread(database, BEN) == Unread(1, 1)
    assert unread(database, ADA) == Unread(), "one's own words are no news"


def test_an_edit_addresses_others_and_a_deletion_nobody(database: Database, lobby: int) -> None:
    (sent,) = told(database, command(lobby, "a", body="@ben"))
    number = int(sent.message.id)
    assert rows(database) == {(BEN.user_id, 1)}
    (edited, back) = told(database, Edit(ADA, number, "nobody"), Edit(ADA, number, "@ben again"))
    assert (edited.message.mentions, [user.id for user in back.message.mentions]) == ([], [str(BEN.user_id)])
    assert rows(database) == {(BEN.user_id, 1)}, "taken away and given back in one batch"
    told(database, Edit(ADA, number, "nobody"))
    assert rows(database) == set()
    told(database, Edit(ADA, number, "@ben"), Delete(ADA, number))
    assert rows(database) == set()
    assert unread(database, BEN) == Unread()


def test_too_many_people_are_refused(database: Database, lobby: int) -> None:
    users = {f"u{number}": number for number in range(10, 10 + text.MAX_MENTIONS + 1)}
    members = {(lobby, number) for number in users.values()}
    room = database.read_now(room_queries.lobby)
    source = " ".join(f"@{name}" for name in users)
    with pytest.raises(Invalid):
        mentions.members_in(source, users, room, members)
    assert len(mentions.members_in(source, users, room, list(members)[1:])) == text.MAX_MENTIONS


def test_everybody_is_addressed_by_anybody_in_a_small_room_and_not_all_the_time(database: Database, lobby: int) -> None:
    (sent,) = told(database, command(lobby, "a", body="@room, lunch?"))
    assert sent.message.mentions_room
    assert sent.message.mentions == []
    assert unread(database, BEN) == Unread(1, 1)
    assert refused(database, command(lobby, "b", BEN, body="@room, no!")) is RateLimited
    (again,) = told(database, command(lobby, "a", body="sent again"))
    assert again.message.mentions_room
    told(database, Edit(ADA, int(sent.message.id), "@room, supper?"))


def test_everybody_in_a_large_room_is_addressed_by_moderators(database: Database, lobby: int) -> None:
    def fill(session: Session) -> None:
        for number in range(100, 100 + MAX_ADDRESSED_BY_ANYBODY):
            room_queries.add_membership(session, lobby, number)

    database.write_now(fill)
    assert refused(database, command(lobby, "a", body="@room")) is Forbidden
    admin = Identity(ADA.user_id, "ada", True)
    assert told(database, Send(admin, lobby, "@room", "b", None))[0].message.mentions_room


def test_a_muted_person_is_not_counted(database: Database, lobby: int) -> None:
    told(database, command(lobby, "a", body="@ben"))
    database.write_now(lambda session: people_queries.set_muted(session, BEN.user_id, ADA.user_id, on=True))
    assert unread(database, BEN) == Unread(0, 0)
    database.write_now(lambda session: people_queries.set_muted(session, BEN.user_id, ADA.user_id, on=False))
    assert unread(database, BEN) == Unread(1, 1)


def test_who_is_silenced_reads_and_takes_back_only(database: Database, lobby: int) -> None:
    (sent,) = told(database, command(lobby, "a"))
    silence = Sanction(user_id=ADA.user_id, kind="silence", actor_id=9, reason="Enough.")
    database.write_now(lambda session: people_queries.add_sanction(session, silence))
    assert refused(database, command(lobby, "b")) is Silenced
    assert refused(database, Edit(ADA, int(sent.message.id), "new")) is Silenced
    told(database, command(lobby, "c", BEN), Delete(ADA, int(sent.message.id)))
    database.write_now(lambda session: people_queries.lift_sanctions(session, "silence", ADA.user_id))
    told(database, command(lobby, "b"))


def test_a_name_is_needed_to_write(database: Database, lobby: int) -> None:
    assert refused(database, command(lobby, "a", Identity(ADA.user_id, None, False))) is Forbidden


def test_what_a_message_said_is_kept(database: Database, lobby: int) -> None:
    (sent,) = told(database, command(lobby, "a", body="first"))
    number = int(sent.message.id)
    told(database, Edit(ADA, number, "second"), Edit(ADA, number, "third"), Edit(ADA, number, "third"))
    found = database.read_now(lambda session: queries.revisions(session, number))
    assert [revision.text for revision in found] == ["second", "first"]


def test_pins(database: Database, lobby: int) -> None:
    admin = Identity(ADA.user_id, "ada", True)
    sent = told(database, *(command(lobby, str(number)) for number in range(MAX_PINS + 1)))
    numbers = [int(one.message.id) for one in sent]
    assert refused(database, Pin(BEN, numbers[0], on=True)) is Forbidden
    (pinned, again) = told(database, Pin(admin, numbers[0], on=True), Pin(admin, numbers[0], on=True))
    assert pinned.message.pinned
    assert (pinned.fresh, again.fresh) == (True, False)
    outcomes = stored(database, *(Pin(admin, number, on=True) for number in numbers[1:]))
    assert [isinstance(outcome, Conflict) for outcome in outcomes] == [False] * (MAX_PINS - 1) + [True]
    found = database.read_now(lambda session: queries.pins(session, lobby))
    assert {row.id for row in found} == set(numbers[:-1])
    (gone,) = told(database, Delete(ADA, numbers[0]))
    assert not gone.message.pinned
    assert len(database.read_now(lambda session: queries.pins(session, lobby))) == MAX_PINS - 1
    told(database, Pin(admin, numbers[1], on=False))
    told(database, Pin(admin, numbers[-1], on=True))
