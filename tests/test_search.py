"""What is found, on both databases alike, by whom, and that no input makes the search fail."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from galaxy_communication import queries, room_queries, search_queries, text
from galaxy_communication.commands import Delete, Edit, Stored
from galaxy_communication.database import Database
from galaxy_communication.identity import Identity
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import Server
from tests.storage import ADA, BEN, command, stored

STRANGER = Identity(3, "eve", False)
ids = count()


def say(database: Database, room_id: int, body: str, author: Identity = ADA) -> int:
    """The number of a new message."""
    (outcome,) = stored(database, command(room_id, f"search-{next(ids)}", author, body))
    assert isinstance(outcome, Stored), outcome
    return int(outcome.message.id)


def found(database: Database, query: str, reader: Identity = ADA, **more: Any) -> list[int]:
    terms = text.search_terms(query)
    if not terms:
        return []
    search = search_queries.Search(terms, **more)
    return [row.id for row in database.read_now(lambda session: search_queries.find(session, reader.user_id, search))]


FOUND = [
    ("Does FastQC fail?", "fastqc"),
    ("Does FastQC fail?", "fast fai"),
    ("Does FastQC fail?", "fail?"),
    ("the reads of sample 7", '"reads of"'),
    ("the reads of sample 7", '"of sample" reads'),
    ("the reads of sample 7", 'sample "the reads'),
    ("see reads_R1.fastq.gz", "reads_R1.fastq.gz"),
    ("see reads_R1.fastq.gz", "reads_R1.fas"),
    ("see reads_R1.fastq.gz", "fastq"),
    ("see reads_R1.fastq.gz", "R1"),
    ("in /data/run-12/foo.bar", "run-12"),
    ("in /data/run-12/foo.bar", "foo.bar"),
    ("in /data/run-12/foo.bar", "data/run"),
    ("in /data/run-12/foo.bar", "bar"),
    ("a foo-bar of ours", "foo-bar"),
    ("a foo-bar of ours", "foo-b"),
    ("a foo-bar of ours", "bar"),
    ("a foo-bar of ours", "foo bar"),
    ("https://usegalaxy.org/u/x?id=5&b=c", "usegalaxy.org"),
    ("https://usegalaxy.org/u/x?id=5&b=c", "org"),
    ("mail ada@example.org", "ada@example.org"),
    ("mail ada@example.org", "example"),
    ("use <script> &amp; <b>tags</b>", "script"),
    ("use <script> &amp; <b>tags</b>", "tags"),
    ("it doesn't work", "doesn't"),
    ("it doesn't work", "doesn"),
    ("O'Brien's tool", "o'brien"),
    ("C:\\Users\\ada", "C:\\Users\\ada"),
    ("C:\\Users\\ada", "users\\"),
    ('say "hello world" twice', '"hello world"'),
    ("key:value pairs", "key:value"),
    ("key:value pairs", "key:*"),
    ("a & b | c ! d", "a & b | !c"),
    ("version 1.2.3-rc4", "1.2.3"),
    ("version 1.2.3-rc4", "rc4"),
    ("p < 0.05 or -17", "0.05"),
    ("p < 0.05 or -17", "-17"),
    ("größer als Österreich", "größ"),
    ("größer als Österreich", "österreich"),
    ("größer als Österreich", "ÖSTER"),
    ("naïve café", "CAFÉ"),
    ("Привет мир", "привет"),
    ("日本語 テスト", "日本語"),
    ("NEAR AND OR NOT", "near and or not"),
    ("100% of it", "100%"),
    ("snake_case_name", "case"),
]
NOT_FOUND = [
    ("the reads of sample 7", '"of reads"'),
    ("the reads of sample 7", '"the read"'),
    ("the reads of sample 7", "eads"),
    ("the reads of sample 7", "reads contigs"),
    ("a bar and a foo", "foo-bar"),
    ("anything", "*"),
    ("anything", "😀"),
]


def test_what_is_found(database: Database, lobby: int) -> None:
    for body, query in FOUND:
        message = say(database, lobby, body)
        assert message in found(database, query), (body, query)
    for body, query in NOT_FOUND:
        message = say(database, lobby, body)
        assert message not in found(database, query), (body, query)


def test_edited_messages_are_found_by_their_new_words_and_deleted_ones_by_none(database: Database, lobby: int) -> None:
    edited, deleted = say(database, lobby, "the former words"), say(database, lobby, "some former words")
    assert found(database, "former") == [deleted, edited]
    stored(database, Edit(ADA, edited, "the latter ones"), Delete(ADA, deleted))
    assert found(database, "former") == []
    assert found(database, "latter") == [edited]
    stored(database, Delete(ADA, edited))
    assert found(database, "latter") == []


def test_only_what_one_may_read_is_found(database: Database, lobby: int) -> None:
    secret = private_room(database, ADA, BEN)
    public, private = say(database, lobby, "a word"), say(database, secret, "a word")
    assert found(database, "word", ADA) == [private, public]
    assert found(database, "word", STRANGER) == [public], "the lobby is open to all"
    assert found(database, "word", STRANGER, room_id=secret) == []
    database.write_now(lambda session: room_queries.remove_membership(session, secret, BEN.user_id))
    assert found(database, "word", BEN) == [public], "who has left a private room does not read on"


def test_pages_follow_each_other(database: Database, lobby: int) -> None:
    sent = [say(database, lobby, f"a word {number}", BEN if number % 2 else ADA) for number in range(7)][::-1]
    first = found(database, "word", limit=3)
    second = found(database, "word", limit=3, before_id=first[-1])
    assert first + second + found(database, "word", limit=3, before_id=second[-1]) == sent
    assert found(database, "word", user_id=BEN.user_id) == sent[1::2]


def private_room(database: Database, *people: Identity) -> int:
    def make(session: Session) -> int:
        room = room_queries.add_room(session, "private", "secret")
        room_queries.add_memberships(session, room.id, [person.user_id for person in people])
        return room.id

    return database.write_now(make)


#: Rich in what has a meaning in some query language, or is taken apart by some parser.
STRANGE = st.text(st.sampled_from([*"ab1 .-_'\"\\:*&|!()<>@/%^~\n\x00üéİß日😀", "\u0301"]))
PROPERTY = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WORDS = st.lists(st.text(st.sampled_from("abcdefgxyz0123456789äöüé"), min_size=1, max_size=8), min_size=1, max_size=5)
SEPARATORS = st.sampled_from([" ", ".", "-", "_", "/", ": ", "'", '"', "@", " <", "> ", "&", "\\", "\n", ", "])


@pytest.fixture
def rooms_to_search(database: Database, lobby: int) -> tuple[int, int]:
    """The lobby, and a private room of Ben's alone."""
    return lobby, private_room(database, BEN)


def test_no_input_makes_the_search_fail(database: Database, rooms_to_search: tuple[int, int]) -> None:
    @PROPERTY
    @given(body=STRANGE | st.text(), query=STRANGE | st.text())
    def search(body: str, query: str) -> None:
        for room in rooms_to_search:
            say(database, room, text.message_text(f"{body} end", 6000), BEN)
        for reader in (ADA, STRANGER):
            hits = found(database, query, reader)
            assert set(hits) <= in_room(database, rooms_to_search[0])

    search()


def test_a_message_is_found_by_any_of_its_words_and_by_all_of_it(database: Database, lobby: int) -> None:
    @PROPERTY
    @given(words=WORDS, data=st.data())
    def search(words: list[str], data: st.DataObject) -> None:
        body = words[0] + "".join(data.draw(SEPARATORS) + word for word in words[1:])
        message = say(database, lobby, body)
        for query in (*words, body, f'"{body.replace(chr(34), " ")}"', words[-1][:1]):
            assert found(database, query)[0] == message, (body, query)

    search()


def in_room(database: Database, room_id: int) -> set[int]:
    return {row.id for row in database.read_now(lambda session: queries.page_before(session, room_id, None, 10**6))}


def test_what_no_database_takes_is_refused_at_the_door(url: str) -> None:
    engine = create_engine(url)
    create_galaxys_tables(engine)
    make_galaxy_users(url, 1)
    with Server(GalaxyApp(engine)).running() as server:
        visitor = server.visitor(1)
        lobby = server.encode(1)
        for path in ("search?q=%00", "users?query=%00", "rooms?query=a%00", f"rooms/{lobby}/members?query=%00"):
            assert visitor.request("GET", path).status_code == 400, path
        assert visitor.request("GET", "search?q=%F0%9F").status_code == 400, "half a character is no word"
    engine.dispose()
