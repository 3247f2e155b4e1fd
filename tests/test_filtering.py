"""The word filter as it is in force: what becomes of messages, edits and rooms, and what is stored of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from galaxy_communication import filter_store, queries
from galaxy_communication.commands import Command, Edit, Stored
from galaxy_communication.database import Database
from galaxy_communication.errors import ChatError, Forbidden
from galaxy_communication.filter_store import WordFilters
from galaxy_communication.models import THE_CHAT, now
from galaxy_communication.moderation_models import Report
from galaxy_communication.word_filter import Entries
from tests.people import Api, Meet, Person, client_ids
from tests.statements import recorded
from tests.storage import ADA, BEN, command, stored
from tests.test_moderation import Room
from tests.test_reports import queue
from tests.test_word_filter import CATASTROPHES

# In the transaction, on both databases


class Worker:
    """A process's part of it."""

    def __init__(self, database: Database) -> None:
        self.database, self.filters = database, WordFilters()

    def told(self, *batch: Command) -> list[str | type[ChatError]]:
        """The texts, or what was refused."""
        outcomes = stored(self.database, *batch, filters=self.filters)
        return [outcome.message.text if isinstance(outcome, Stored) else type(outcome) for outcome in outcomes]


def put(database: Database, **lists: list[str]) -> None:
    made = {action: Entries(lists.get(action, [])) for action in ("refuse", "mask", "report")}
    database.write_now(lambda session: filter_store.store(session, made))  # type: ignore[arg-type]


def reports(database: Database) -> list[tuple[int, str, bool]]:
    rows = database.read_now(lambda session: session.scalars(select(Report).order_by(Report.id)).all())
    assert {row.reporter_id for row in rows} <= {THE_CHAT}
    return [(row.message_id, row.reason, row.resolved_at is None) for row in rows]


def test_what_is_stored_obeys_the_filter_that_is_stored(database: Database, lobby: int) -> None:
    one, other = Worker(database), Worker(database)
    assert one.told(command(lobby, "1", body="bad")) == ["bad"]
    put(database, refuse=["bad"])
    for worker in (one, other):
        assert worker.told(command(lobby, "2", body="a bad word"), command(lobby, "3", body="fine")) == [
            Forbidden,
            "fine",
        ]
    put(database, mask=["bad"])
    assert [worker.told(command(lobby, "2", body="a bad word")) for worker in (one, other)] == [["a *** word"]] * 2
    put(database)
    assert one.told(command(lobby, "4", body="bad"), command(lobby, "1", body="bad")) == ["bad", "bad"]
    page = database.read_now(lambda session: queries.page_before(session, lobby, None, 10))
    assert [message.text for message in page] == ["bad", "a *** word", "fine", "bad"]


def test_what_was_stored_before_is_found_again_whatever_the_filter_says_now(database: Database, lobby: int) -> None:
    worker = Worker(database)
    worker.told(command(lobby, "1", body="bad"))
    put(database, refuse=["bad"])
    (message,) = database.read_now(lambda session: queries.page_before(session, lobby, None, 10))
    assert worker.told(command(lobby, "1", body="bad"), Edit(ADA, message.id, "bad")) == ["bad", "bad"]
    assert worker.told(Edit(ADA, message.id, "bad, too")) == [Forbidden]


def test_an_edit_is_masked_and_doing_it_twice_changes_nothing(database: Database, lobby: int) -> None:
    worker = Worker(database)
    put(database, mask=["bad"])
    worker.told(command(lobby, "1", body="first @ben"))
    (message,) = database.read_now(lambda session: queries.page_before(session, lobby, None, 10))
    edit = Edit(ADA, message.id, "bad @ben")
    outcomes = stored(database, edit, edit, Edit(ADA, message.id, "*** @ben"), filters=worker.filters)
    assert [(one.fresh, one.message.text) for one in outcomes if isinstance(one, Stored)] == [
        (True, "*** @ben"),
        (False, "*** @ben"),
        (False, "*** @ben"),
    ]
    assert [user.id for one in outcomes if isinstance(one, Stored) for user in one.message.mentions] == ["2"] * 3
    assert [old.text for old in database.read_now(lambda session: queries.revisions(session, message.id))] == [
        "first @ben"
    ]


def test_a_message_is_reported_once_and_again_for_something_else(database: Database, lobby: int) -> None:
    worker = Worker(database)
    put(database, report=["bad", "worse", "worst"])
    send = command(lobby, "1", body="Bad!")
    assert worker.told(send, send) == worker.told(send, send) == ["Bad!", "Bad!"]
    (message,) = database.read_now(lambda session: queries.page_before(session, lobby, None, 10))
    assert reports(database) == [(message.id, "Bad", True)]
    worker.told(Edit(ADA, message.id, "worse"))
    assert reports(database) == [(message.id, "Bad", True)], "it waits for a moderator already"

    def resolve() -> None:
        with database.engine.begin() as connection:
            connection.execute(Report.__table__.update().values(resolved_at=now(), outcome="dismissed"))  # type: ignore[attr-defined]

    resolve()
    worker.told(Edit(ADA, message.id, "bad"), Edit(ADA, message.id, "worst"), command(lobby, "2", BEN, "worse, worst"))
    assert [one[1:] for one in reports(database)] == [("worst", True), ("worse, worst", True)]
    resolve()
    worker.told(Edit(ADA, message.id, "the worst"))
    assert reports(database)[0] == (message.id, "worst", False), "the same word was dealt with"


def test_a_batch_asks_once_for_the_filter(database: Database, lobby: int) -> None:
    worker, ids = Worker(database), count()

    def statements(size: int, body: str) -> list[str]:
        with recorded(database.engine) as asked:
            worker.told(*(command(lobby, f"batch-{next(ids)}", body=body) for _ in range(size)))
        return [one.text for one in asked]

    put(database, mask=["bad"], report=["worse"])
    statements(1, "bad")
    assert sum("galaxy_communication_setting" in text for text in statements(100, "bad")) == 1
    assert len(statements(1, "worse")) == len(statements(100, "worse"))


# In a Galaxy, over REST and on the socket


@pytest.fixture
def room(meet: Meet) -> Room:
    return Room(meet)


SetFilter = Callable[..., dict[str, Any]]


@pytest.fixture
def set_filter(room: Room) -> Iterator[SetFilter]:
    """By action: words; those of ``patterns`` are patterns of the same."""

    def put(patterns: dict[str, list[str]] | None = None, **words: list[str]) -> dict[str, Any]:
        actions = words.keys() | (patterns or {}).keys()
        lists = [
            {"action": one, "words": words.get(one, []), "patterns": (patterns or {}).get(one, [])} for one in actions
        ]
        answer: dict[str, Any] = room.done(room.admin, "PUT", "admin/word-filter", {"lists": lists})
        return answer

    yield put
    put()


class Writer:
    """Writes on one of the interfaces."""

    def __init__(self, api: Api, person: Person | None) -> None:
        self._api, self._person = api, person

    def send(self, room_id: str, text: str, client_id: str | None = None) -> dict[str, Any]:
        body = {"text": text, "client_id": client_id or next(client_ids)}
        if self._person:
            return self._of(self._person.call("message.send", {"room_id": room_id, **body}))
        return self._of(self._api("POST", f"rooms/{room_id}/messages", body).json())

    def edit(self, message_id: str, text: str) -> dict[str, Any]:
        if self._person:
            return self._of(self._person.call("message.edit", {"message_id": message_id, "text": text}))
        return self._of(self._api("PATCH", f"messages/{message_id}", {"text": text}).json())

    def stored(self, room_id: str) -> list[str]:
        """The newest first."""
        return [message["text"] for message in self._api.get(f"rooms/{room_id}/messages")]

    @staticmethod
    def _of(answer: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = answer.get("error") or answer.get("message") or answer
        return found


@pytest.fixture(params=["REST", "socket"])
def writer(request: pytest.FixtureRequest, meet: Meet, room: Room) -> Writer:
    person = meet.person(room.member) if request.param == "socket" else None
    return Writer(room.apis[room.member.id], person)


def test_on_both_interfaces(room: Room, writer: Writer, set_filter: SetFilter) -> None:
    said = writer.send(room.id, "before")["id"]
    set_filter(refuse=["damn"], mask=["heck"], report=["darn"], patterns={"mask": [r"casino-\d+"]})
    for refused in (writer.send(room.id, "Dämn it"), writer.edit(said, "Dämn it")):
        assert (refused["code"], refused["reason"], refused["values"]) == ("forbidden", "word_filter", {"word": "Dämn"})
    assert writer.stored(room.id) == ["before"]
    masked = writer.send(room.id, f"**heck** @{room.owner.username} casino-77, hecks")
    assert masked["text"] == f"******** @{room.owner.username} *********, hecks"
    assert [user["id"] for user in masked["mentions"]] == [room.owner.id]
    assert writer.edit(said, "hесk `no`")["text"] == "**** `no`"  # noqa: RUF001
    assert writer.stored(room.id) == [masked["text"], "**** `no`"]
    assert writer.send(room.id, "Darn!", "once")["id"] == writer.send(room.id, "Darn!", "once")["id"]
    assert writer.edit(said, "darn, heck")["text"] == "darn, ****"
    reported = {one["message"]["text"]: one for one in queue(room.apis[room.moderator.id]).values()}
    assert {text: (one["reason"], one["reporter"]) for text, one in reported.items()} == {
        "Darn!": ("Darn", None),
        "darn, ****": ("darn", None),
    }
    acts = [(one["act"], one["actor"], one["target"]["id"]) for one in room.audit(room_id=room.id)][:2]
    assert acts == [("report", None, room.member.id)] * 2


def test_nobody_is_above_it_and_a_conversation_of_two_is_no_hiding_place(room: Room, set_filter: SetFilter) -> None:
    set_filter(refuse=["damn"], report=["darn"])
    room.done(room.admin, "POST", f"rooms/{room.id}/membership")
    for user in (room.moderator, room.owner, room.admin):
        answer = Writer(room.apis[user.id], None).send(room.id, "damn")
        assert answer["reason"] == "word_filter"
    direct = room.done(room.member, "POST", "rooms", {"kind": "direct", "members": [room.owner.id]})["id"]
    member = Writer(room.apis[room.member.id], None)
    assert member.send(direct, "damn")["reason"] == "word_filter"
    message = member.send(direct, "darn")["id"]
    assert message not in queue(room.apis[room.moderator.id])
    shown = queue(room.apis[room.admin.id])[message]
    assert (shown["room_kind"], shown["reporter"], shown["context"]) == ("direct", None, [])


def test_rooms_are_not_called_so(room: Room, set_filter: SetFilter) -> None:
    set_filter(refuse=["damn"], mask=["heck"], report=["darn"])
    api = room.apis[room.owner.id]
    for word in ("damn", "heck"):
        for method, path, body in (
            ("POST", "rooms", {"kind": "public", "name": f"{word} room"}),
            ("POST", "rooms", {"kind": "private", "name": "fine", "topic": f"about {word}"}),
            ("PATCH", f"rooms/{room.id}", {"name": word}),
            ("PATCH", f"rooms/{room.id}", {"topic": word}),
        ):
            answer = api(method, path, body)
            assert (answer.status_code, answer.json()["error"]["values"]) == (403, {"word": word})
    changed = room.done(room.owner, "PATCH", f"rooms/{room.id}", {"topic": "darn"})
    assert (changed["name"], changed["topic"]) == (room.name, "darn")


def test_catastrophic_patterns_harm_nobody(room: Room, writer: Writer, set_filter: SetFilter) -> None:
    set_filter(patterns={"refuse": CATASTROPHES})
    assert writer.send(room.id, "a" * 5999 + "!")["seq"]
    assert room.said(room.owner, "and others are heard")
    assert writer.send(room.id, "a" * 5999 + "b")["reason"] == "word_filter"


def test_administrators_set_it_and_try_it(room: Room, set_filter: SetFilter) -> None:
    lists = set_filter(refuse=["damn", "damn"], mask=["heck"], patterns={"mask": ["x+"]})["lists"]
    assert lists == room.apis[room.admin.id].get("admin/word-filter")["lists"]
    assert lists == [
        {"action": "refuse", "words": ["damn"], "patterns": []},
        {"action": "mask", "words": ["heck"], "patterns": ["x+"]},
        {"action": "report", "words": [], "patterns": []},
    ]
    set_filter(refuse=["damn"], mask=["heck"], patterns={"mask": ["x+"]})
    (first, *_) = room.audit(actor=room.admin.id, limit=2)
    assert (first["act"], first["detail"]) == ("set_word_filter", {"refuse": 1, "mask": 2, "report": 0})
    api = room.apis[room.admin.id]
    for attempt, expected in (
        ({"text": "heck, xx"}, {"action": "mask", "text": "****, **", "found": ["heck", "xx"]}),
        ({"text": "damn heck"}, {"action": "refuse", "text": "damn heck", "found": ["damn"]}),
        ({"text": "fine"}, {"action": None, "text": "fine", "found": []}),
        (
            {"text": "damn", "lists": [{"action": "report", "words": ["damn"]}]},
            {"action": "report", "text": "damn", "found": ["damn"]},
        ),
    ):
        assert api("POST", "admin/word-filter/try", attempt).json() == expected
    for wrong, said in (
        ([{"action": "mask", "patterns": ["fine", "(a"]}], "mask list, pattern “(a”"),
        ([{"action": "mask", "words": ["\u200b"]}], "mask list, word"),
        ([{"action": "mask", "words": ["a" * 201]}], "lists.0.words.0"),
        ([{"action": "mask"}, {"action": "mask"}], "one list for each action"),
        ([{"action": "mask", "words": [str(number) for number in range(1001)]}], "1000 words"),
    ):
        for method, path, more in (("PUT", "admin/word-filter", {}), ("POST", "admin/word-filter/try", {"text": "a"})):
            answer = api(method, path, {"lists": wrong, **more})
            assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")
            assert said in answer.json()["err_msg"]
    assert api.get("admin/word-filter")["lists"] == lists, "nothing of it was stored"
