"""How many statements each operation makes, on our tables and on Galaxy's, so that none creeps in unnoticed.

The numbers are the same for somebody in five rooms and somebody in a hundred, for one message and for a batch, for one
connection and for fifty: nothing is asked once for each room or person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest

from galaxy_communication import changes
from galaxy_communication.commands import Send, Stored
from galaxy_communication.identity import Identity
from tests.crowd import BUSY, ORDINARY, Crowd
from tests.crowd_visits import FullGalaxy, Operation, full_galaxy, reads
from tests.in_process import Socket, Visitor
from tests.statements import recorded

#: Enough for everybody's rooms.
CROWD = Crowd(people=300, rooms=200, messages=2_000)
PEOPLE = (ORDINARY, BUSY)

Counts = tuple[int, int]
"""Statements on our tables, and on Galaxy's."""

#: Every request asks at the door: who is it, is there chat, are they banned, does an administrator act for them, are
#: they new, what of Galaxy's groups.
DOOR_OURS, DOOR_GALAXYS = 6, 3
READS: dict[str, Counts] = {
    "connect, until ready": (14, 5),
    "room list": (DOOR_OURS + 4, DOOR_GALAXYS + 1),
    "browse rooms by a part of the name": (DOOR_OURS + 4, DOOR_GALAXYS),
    "unread counts for the badge": (3, 2),  # asked on every page of Galaxy's, so of few words at the door
    "one room": (DOOR_OURS + 3, DOOR_GALAXYS),
    "newest page of messages": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "pinned messages": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "people, by one letter": (DOOR_OURS + 2, DOOR_GALAXYS + 2),
    "people, by two": (DOOR_OURS + 2, DOOR_GALAXYS + 2),
    "members": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "members, a later page": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "members, by one letter": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "members, by two": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "search a rare word": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search a common word": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search a word that is not there": (DOOR_OURS + 1, DOOR_GALAXYS),
    "search a phrase": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search a file name": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search in a room": (DOOR_OURS + 2, DOOR_GALAXYS + 1),
    "search by person": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search, a later page": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
    "search before a time": (DOOR_OURS + 1, DOOR_GALAXYS + 1),
}


@pytest.fixture
def full(url: str) -> Iterator[FullGalaxy]:
    with full_galaxy(url, CROWD) as galaxy:
        yield galaxy


class Counter:
    def __init__(self, full: FullGalaxy) -> None:
        self._engines = full.server.chat.database.engine, full.server.galaxy.engine

    def __call__(self, operation: Callable[[], object]) -> Counts:
        ours, galaxys = self._engines
        with recorded(ours) as asked, recorded(galaxys) as asked_of_galaxy:
            operation()
        return len(asked), len(asked_of_galaxy)


@pytest.fixture
def counted(full: FullGalaxy) -> Counter:
    return Counter(full)


def test_reading(full: FullGalaxy, counted: Counter) -> None:
    for exposed in (False, True):
        full.server.galaxy.config.expose_user_name = exposed
        for person in PEOPLE:
            for name, operation in reads(full, person).items():
                ours, galaxys = READS[name]
                if not exposed and name.startswith("members, by"):
                    galaxys -= 1  # of those who are there nobody is called so
                if exposed and name.startswith("people"):
                    ours, galaxys = ours - 1, galaxys + 1  # everybody's names instead of those whom one knows
                assert counted(operation) == (ours, galaxys), f"{name}, {person.username}, {exposed=}"


class Desk:
    """Somebody connected, with a room and messages of their own."""

    def __init__(self, full: FullGalaxy, visitor: Visitor, socket: Socket) -> None:
        self.visitor, self.socket = visitor, socket
        self._ids = count()
        self.public = full.server.encode(full.rooms.public)
        self.joinable = next(room["id"] for room in socket.ready["rooms"] if not room["joined"])
        self.mine = socket.call("room.create", {"kind": "private", "name": "mine"})["room"]["id"]
        self.message, self.pinned = self.send(self.public), self.send(self.mine)
        self.others = [full.server.encode(number) for number in full.chatters(20)]

    def send(self, room_id: str) -> Any:
        client_id = f"counted-{next(self._ids)}"
        answer = self.socket.call("message.send", {"room_id": room_id, "text": "some words", "client_id": client_id})
        return answer["message"]["id"]

    def invite(self, user_ids: Sequence[str]) -> None:
        self.visitor("POST", f"rooms/{self.mine}/members", {"members": user_ids})

    def report(self, message: str) -> None:
        self.visitor("POST", f"messages/{message}/report", {"reason": "rude"})

    def sync(self) -> None:
        """Of all rooms, each of them up to date."""
        rooms = [room for room in self.visitor.get("rooms") if room["joined"]]
        self.socket.call("sync", {"rooms": {room["id"]: room["head_seq"] for room in rooms}})

    def changes(self) -> dict[str, tuple[Counts, Operation]]:
        call, message = self.socket.call, {"message_id": self.message}
        return {
            "send": ((7, 0), lambda: self.send(self.public)),
            "edit": ((9, 0), lambda: call("message.edit", {**message, "text": "other words"})),
            "react": ((7, 0), lambda: call("message.react", {**message, "emoji": "👍", "on": True})),
            "delete": ((7, 0), lambda: call("message.delete", message)),
            "read": ((5, 0), lambda: call("room.read", {"room_id": self.public, "seq": 30})),
            "join": ((9, 0), lambda: call("room.join", {"room_id": self.joinable})),
            "leave": ((5, 0), lambda: call("room.leave", {"room_id": self.joinable})),
            "sync": ((DOOR_OURS + 4 + 1, DOOR_GALAXYS + 1), self.sync),
            "pin": ((DOOR_OURS + 8, DOOR_GALAXYS), lambda: self.visitor("PUT", f"messages/{self.pinned}/pin")),
            "report": ((DOOR_OURS + 6, DOOR_GALAXYS), lambda: self.report(self.pinned)),
            "see reports": ((DOOR_OURS + 2, DOOR_GALAXYS + 1), lambda: self.visitor.get("admin/reports")),
            "invite one": ((DOOR_OURS + 10, DOOR_GALAXYS + 3), lambda: self.invite(self.others[:1])),
            "invite many": ((DOOR_OURS + 10, DOOR_GALAXYS + 3), lambda: self.invite(self.others[1:])),
        }


def test_changing(full: FullGalaxy, counted: Counter) -> None:
    for person in PEOPLE:
        visitor = full.server.visitor(person.user_id)
        with visitor.connected() as socket:
            for name, (counts, operation) in Desk(full, visitor, socket).changes().items():
                assert counted(operation) == counts, f"{name}, {person.username}"


def test_coming_for_the_first_time(full: FullGalaxy, counted: Counter) -> None:
    newcomer = full.server.visitor(full.newcomer_id)
    assert counted(lambda: newcomer.get("rooms")) == (DOOR_OURS + 8 + 4, DOOR_GALAXYS)
    assert counted(lambda: newcomer.get("rooms")) == (DOOR_OURS + 4, DOOR_GALAXYS)


def test_a_batch_of_many_people_costs_what_one_message_does(full: FullGalaxy, counted: Counter) -> None:
    names = full.server.chat.host.usernames(full.chatters(50))
    people = [Identity(user_id, name, False) for user_id, name in names.items()]
    ids = count()

    def batch(size: int) -> None:
        """Of messages that address somebody."""
        addressed = (f"@{people[(number + 7) % 50].username}" for number in range(size))
        sends = [
            Send(people[number % 50], full.rooms.lobby, f"{name}: some words", f"batch-{next(ids)}", None)
            for number, name in enumerate(addressed)
        ]
        chat = full.server.chat
        outcomes = changes.commit(chat.database, chat.views, chat.host.users_named, chat.filters, sends)
        assert all(isinstance(outcome, Stored) for outcome in outcomes), outcomes

    assert counted(lambda: batch(1)) == (8, 2)
    assert counted(lambda: batch(100)) == (8, 1), "and the people addressed are authors, too"


def test_a_round_of_the_watch(full: FullGalaxy, counted: Counter) -> None:
    with ExitStack() as stack:
        for number, user_id in enumerate(full.chatters(50)):
            stack.enter_context(full.server.visitor(user_id).connected())
            if number == 0:
                full.server.watch_round()  # the first one takes notice of what there is
                assert counted(full.server.watch_round) == (7, 4)
        full.server.watch_round()
        assert counted(full.server.watch_round) == (7, 4)
