"""What people do with rooms, at random: the rooms that each has built from events are those of a fresh fetch.

Where something is not told, somebody's list of rooms is wrong until they reload.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.ending import at_the_first_try
from tests.galaxy_server import TestUser
from tests.people import Api, Meet, Person

pytestmark = at_the_first_try

Json = dict[str, Any]

#: What only messages change, and a client counts by itself.
COUNTED = ("head_seq", "unread", "mentions")
numbers = itertools.count(1)
people = st.integers(0, 2)
which = st.integers(0, 9)


@dataclass
class Member:
    user: TestUser
    api: Api
    person: Person
    rooms: dict[str, Json] = field(default_factory=dict)
    """Those the user is in, by id."""
    heard: int = 0

    def catch_up(self) -> None:
        """By a frame that comes after all others: its own message in the lobby."""
        lobby = self.person.room()["id"]
        self.person.wait_for_message(self.person.send(lobby, "a later frame")["id"])
        for name, payload in self.person.events[self.heard :]:
            self.heard += 1
            self.hear(name, payload)

    def hear(self, name: str, payload: Json) -> None:
        if name == "ready":
            self.rooms = {room["id"]: room for room in payload["rooms"] if room["joined"]}
        elif name == "room.updated":
            self.rooms[payload["room"]["id"]] = payload["room"]
        elif name == "room.removed":
            self.rooms.pop(payload["room_id"], None)
        elif name == "room.member" and payload["user"]["id"] != self.user.id:
            room = self.rooms[payload["room_id"]]
            room["member_count"] += 1 if payload["joined"] else -1

    def fetched(self) -> dict[str, Json]:
        return {room["id"]: room for room in self.api.get("rooms") if room["joined"]}


class Rooms(RuleBasedStateMachine):
    def __init__(self, members: list[Member]) -> None:
        super().__init__()
        self.members = members
        self.made: list[str] = []
        self.news = True

    def ask(self, who: int, method: str, path: str, json: Json | None = None) -> Any:
        """Whether it is allowed is not the question here, but nothing may fail."""
        self.news = True
        response = self.members[who].api(method, path, json)
        assert response.status_code in (200, 204, 403, 404, 409), response.text
        return response.json() if response.status_code == 200 else None

    def room(self, which: int) -> str:
        return self.made[-1 - which % len(self.made)]

    @rule(who=people, kind=st.sampled_from(["public", "private"]), invited=st.sets(people))
    def make(self, who: int, kind: str, invited: set[int]) -> None:
        ids = [self.members[number].user.id for number in invited]
        name = f"{next(numbers)} of the room model"
        made = self.ask(who, "POST", "rooms", {"kind": kind, "name": name, "members": ids})
        self.made.append(made["id"])

    @rule(who=people, other=people)
    def talk(self, who: int, other: int) -> None:
        if who != other:
            made = self.ask(who, "POST", "rooms", {"kind": "direct", "members": [self.members[other].user.id]})
            self.made.append(made["id"])

    @precondition(lambda self: self.made)
    @rule(who=people, which=which, joins=st.booleans())
    def come_or_go(self, who: int, which: int, joins: bool) -> None:
        self.ask(who, "POST" if joins else "DELETE", f"rooms/{self.room(which)}/membership")

    @precondition(lambda self: self.made)
    @rule(who=people, which=which, other=people)
    def invite(self, who: int, which: int, other: int) -> None:
        self.ask(who, "POST", f"rooms/{self.room(which)}/members", {"user_id": self.members[other].user.id})

    @precondition(lambda self: self.made)
    @rule(who=people, which=which, other=people)
    def remove(self, who: int, which: int, other: int) -> None:
        self.ask(who, "DELETE", f"rooms/{self.room(which)}/members/{self.members[other].user.id}")

    @precondition(lambda self: self.made)
    @rule(who=people, which=which, other=people, role=st.sampled_from(["member", "moderator", "owner"]))
    def appoint(self, who: int, which: int, other: int, role: str) -> None:
        path = f"rooms/{self.room(which)}/members/{self.members[other].user.id}"
        self.ask(who, "PATCH", path, {"role": role})

    @precondition(lambda self: self.made)
    @rule(
        who=people,
        which=which,
        change=st.sampled_from([{"topic": "one"}, {"topic": "two"}, {"archived": True}, {"archived": False}]),
    )
    def change(self, who: int, which: int, change: Json) -> None:
        self.ask(who, "PATCH", f"rooms/{self.room(which)}", change)

    @precondition(lambda self: self.made)
    @rule(who=people, which=which, notify=st.sampled_from(["all", "mentions", "nothing"]))
    def listen(self, who: int, which: int, notify: str) -> None:
        self.ask(who, "PATCH", f"rooms/{self.room(which)}/membership", {"notify": notify})

    @invariant()
    def everybody_sees_what_is(self) -> None:
        if not self.news:
            return
        for member in self.members:
            member.catch_up()
            there, here = member.fetched(), member.rooms
            assert {key: _told(room) for key, room in here.items()} == {key: _told(room) for key, room in there.items()}
        self.news = False


def _told(room: Json) -> Json:
    return {name: value for name, value in room.items() if name not in COUNTED and name != "read_seq"}


def test_rooms_built_from_events_are_the_rooms_fetched(meet: Meet) -> None:
    members = []
    for name in ("ada", "ben", "cleo"):
        user = meet.user(name)
        members.append(Member(user, meet.api(user), meet.person(user)))

    class OurRooms(Rooms):
        def __init__(self) -> None:
            super().__init__(members)

    run_state_machine_as_test(
        OurRooms,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
