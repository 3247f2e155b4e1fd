"""Whatever people do, whatever gets lost: what a client built from events is what the server has."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from galaxy_communication.messages import SYNC_CAP
from tests.faults.reader import Replica
from tests.galaxy_server import TestUser
from tests.people import Meet, Person

Json = dict[str, Any]
#: The last two are one person's.
CLIENTS = 4
clients = st.integers(0, CLIENTS - 1)
numbers = itertools.count()


@dataclass
class Client:
    user: TestUser
    person: Person | None = None
    replica: Replica = field(default_factory=Replica)
    heard: int = 0
    """So many of its events have been looked at."""
    losing: int = 0
    """So many frames to come are lost on the way."""


@dataclass(frozen=True)
class Deed:
    """What somebody does to one of the messages that there are."""

    kind: str
    who: int
    which: int
    text: str
    emoji: str
    on: bool


deeds = st.builds(
    Deed,
    kind=st.sampled_from(["send", "send", "resend", "edit", "delete", "react", "react"]),
    who=clients,
    which=st.integers(0, 7),
    text=st.sampled_from(["one", "two", "日本語 🧬"]),
    emoji=st.sampled_from(["👍", "❤️"]),
    on=st.booleans(),
)


class Crowd(RuleBasedStateMachine):
    def __init__(self, meet: Meet, everybody: list[Client]) -> None:
        super().__init__()
        self.meet = meet
        self.clients = everybody
        self.api = meet.api(everybody[0].user)
        self.states: dict[str, Json] = {}
        """By id: what the last ack said of each message."""
        self.news = False
        """Whether anything happened since the last look."""
        room = next(room for room in self.api.get("rooms") if room["kind"] == "lobby")
        self.room_id, self.head = room["id"], room["head_seq"]
        for client in self.clients:
            client.replica = Replica()
            client.replica.applied, client.replica.complete_from = self.head, self.head + 1
            if client.person is None:
                self.connect(client)
            assert client.person is not None
            client.heard, client.losing = len(client.person.events), 0

    # What people do

    @rule(deeds=st.lists(deeds, min_size=1, max_size=20))
    def bustle(self, deeds: list[Deed]) -> None:
        for deed in deeds:
            if self.clients[deed.who].person is not None:
                self.do(deed)

    def do(self, deed: Deed) -> None:
        if deed.kind == "send" or not self.states:
            self.note(self.answer(deed, "message.send", **self.new_message(deed.text)))
            return
        before = list(self.states.values())[-1 - deed.which % len(self.states)]
        is_author = before["user"]["id"] == self.clients[deed.who].user.id
        if deed.kind == "resend":
            payload = {**self.new_message("again"), "client_id": before["client_id"]}
            message = self.note(self.answer(deed, "message.send", **payload))
            assert (message["id"] == before["id"]) == is_author, "another's client id is a new message"
        elif deed.kind == "react":
            users = [user["id"] for one in before["reactions"] if one["emoji"] == deed.emoji for user in one["users"]]
            changes = (self.clients[deed.who].user.id in users) != deed.on
            refusal = "conflict" if before["deleted"] else None
            self.change(deed, refusal, before, changes, emoji=deed.emoji, on=deed.on)
        elif deed.kind == "edit":
            refusal = "forbidden" if not is_author else "conflict" if before["deleted"] else None
            self.change(deed, refusal, before, before["text"] != deed.text, text=deed.text)
        else:
            self.change(deed, None if is_author else "forbidden", before, not before["deleted"])

    @rule(who=clients, which=st.integers(0, 7))
    def hurry(self, who: int, which: int) -> None:
        """Many changes, none of which waits for the one before; the last one undoes the first."""
        present = [message for message in self.states.values() if not message["deleted"]]
        person = self.clients[who].person
        if person is None or not present:
            return
        message_id = present[-1 - which % len(present)]["id"]
        waiting = [
            person.later("message.react", {"message_id": message_id, "emoji": "⏱️", "on": number % 2 == 0})
            for number in range(6)
        ]
        acks = [wait()["message"] for wait in waiting]
        seqs = [message["changed_seq"] for message in acks]
        assert seqs == sorted(set(seqs))
        self.note(acks[-1])

    # What befalls them

    @rule(who=clients)
    def come_or_go(self, who: int) -> None:
        client = self.clients[who]
        if client.person is None:
            self.connect(client)
        else:
            client.person.close()
            client.person = None

    @precondition(lambda self: len(self.states) < SYNC_CAP)
    @rule(who=clients, other=clients)
    def miss_a_lot(self, who: int, other: int) -> None:
        """More messages than `sync` replays."""
        sender = self.clients[other].person
        if who == other or sender is None:
            return
        if self.clients[who].person is not None:
            self.come_or_go(who)
        payloads = [self.new_message("while you were away") for _ in range(SYNC_CAP + 1)]
        for wait in [sender.later("message.send", payload) for payload in payloads]:
            self.note(wait()["message"])
        self.come_or_go(who)

    @rule(who=clients, frames=st.sampled_from([1, 2, 1000]))
    def lose(self, who: int, frames: int) -> None:
        self.clients[who].losing = frames

    @rule(who=clients)
    def sync(self, who: int) -> None:
        """Also without need: what comes twice is applied once."""
        if self.clients[who].person is not None:
            self.recover(self.clients[who])

    # What must hold

    @invariant()
    def everybody_has_what_the_server_has(self) -> None:
        if not self.news:
            return
        present = [client for client in self.clients if client.person is not None]
        server = self.fetch()
        for client in present:
            self.catch_up(client)
            replica = client.replica
            assert replica.faults == []
            assert replica.applied == self.head
            mine = {message["id"]: message for message in replica.messages.values()}
            assert mine == {message["id"]: message for message in server if message["seq"] >= replica.complete_from}
        assert {message["id"]: message for message in server} == self.states
        self.news = False

    # How

    def connect(self, client: Client) -> None:
        client.person = self.meet.person(client.user)
        client.heard = 0
        self.recover(client)

    def new_message(self, text: str) -> Json:
        return {"room_id": self.room_id, "text": text, "client_id": f"model-{next(numbers)}"}

    def call(self, deed: Deed, event: str, **payload: object) -> Json:
        person = self.clients[deed.who].person
        assert person is not None
        return person.call(event, payload)

    def answer(self, deed: Deed, event: str, **payload: object) -> Json:
        answer = self.call(deed, event, **payload)
        assert answer["ok"], answer
        return cast(Json, answer["message"])

    def change(self, deed: Deed, refusal: str | None, before: Json, changes: bool, **payload: object) -> None:
        event, payload = f"message.{deed.kind}", {"message_id": before["id"], **payload}
        if refusal is None:
            assert (self.note(self.answer(deed, event, **payload)) != before) == changes
        else:
            assert self.call(deed, event, **payload)["error"]["code"] == refusal

    def note(self, message: Json) -> Json:
        self.states[message["id"]] = message
        self.head = max(self.head, message["changed_seq"])
        self.news = True
        return message

    def catch_up(self, client: Client) -> None:
        assert client.person is not None
        if client.replica.applied < self.head:
            client.person.wait_for_change(self.room_id, self.head)
            for name, payload in client.person.events[client.heard :]:
                client.heard += 1
                if name != "room.events" or payload["room_id"] != self.room_id:
                    continue
                if client.losing:
                    client.losing -= 1
                else:
                    client.replica.receive(payload)
        if client.replica.applied < self.head:
            self.recover(client)

    def recover(self, client: Client) -> None:
        assert client.person is not None
        client.losing = 0
        self.news = True
        answer = client.person.call("sync", {"rooms": {self.room_id: client.replica.applied}})["rooms"][self.room_id]
        apply = client.replica.recover if answer["recovered"] else client.replica.replace
        apply(answer["events"], answer["head_seq"])

    def fetch(self) -> list[Json]:
        """All messages of this run, as somebody new would read them."""
        first = min((message["seq"] for message in self.states.values()), default=self.head + 1)
        found: list[Json] = self.api.get(f"rooms/{self.room_id}/messages", limit=200)
        while found and found[-1]["seq"] > first:
            found += self.api.get(f"rooms/{self.room_id}/messages", limit=200, before=found[-1]["seq"])
        return [message for message in found if message["seq"] >= first]


def test_state_built_from_events_is_the_state_fetched(meet: Meet) -> None:
    users = [meet.user(name) for name in ("ada", "ben", "cleo")]

    everybody = [Client(users[min(number, len(users) - 1)]) for number in range(CLIENTS)]

    class OurCrowd(Crowd):
        def __init__(self) -> None:
            super().__init__(meet, everybody)

    run_state_machine_as_test(
        OurCrowd,
        settings=settings(
            max_examples=30,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
