"""The judge of the fault test: each thing that must not be is noticed where it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.faults import authors
from tests.faults.client import Account
from tests.faults.connection import Json
from tests.faults.counts import Counts
from tests.faults.ledger import Entry, Ledger, entry
from tests.faults.reader import Reader
from tests.faults.sender import Attempt, Operation, Sender
from tests.faults.verdict import Verdict, judge

ROOM = "room"


def wire(number: int, seq: int, **more: object) -> Json:
    message = {"id": f"id-{number}", "client_id": f"ada-{number}", "seq": seq, "changed_seq": seq, "text": f"{number}"}
    same = {"room_id": ROOM, "user": {"id": "u", "username": "ada"}, "edited_at": None, "deleted": False}
    return {**message, **same, "reactions": [], **more}


@dataclass
class Scene:
    """Ada sent three messages and edited the second; Ben read them all."""

    sender: Sender
    reader: Reader
    ledger: Ledger
    held: list[Entry]

    def judged(self, outages: tuple[tuple[float, float], ...] = ()) -> Verdict:
        return judge([self.sender], [self.reader], {"ben": self.held}, self.ledger, outages, Counts())


@pytest.fixture
def scene() -> Scene:
    client = Account("ada", "key", (ROOM,)), "http://nowhere", Counts(), random.Random(0)
    sender, reader = Sender(*client, window=1, compose=authors.message, rate=1), Reader(*client)
    edited = wire(1, 2, changed_seq=4, text="edited", edited_at="now")
    for number in range(3):
        sent = wire(number, number + 1)
        payload = {key: sent[key] for key in ("room_id", "client_id", "text")}
        sender.operations.append(Operation("message.send", payload, [Attempt(1, 2, "acked")], {"message": sent}))
    change = {"message_id": "id-1", "text": "edited"}
    sender.operations.append(Operation("message.edit", change, [Attempt(3, 4, "acked")], {"message": edited}))
    hear(reader, *(wire(number, number + 1) for number in range(3)))
    hear(reader, edited)
    held = [entry(message) for message in reader.replicas[ROOM].messages.values()]
    return Scene(sender, reader, Ledger(list(held), {ROOM: 4}), held)


def hear(reader: Reader, *messages: Json) -> None:
    events = [
        {
            "seq": message["changed_seq"],
            "type": f"message.{'created' if message['seq'] == message['changed_seq'] else 'updated'}",
            "message": message,
        }
        for message in messages
    ]
    numbers = {"after_seq": events[0]["seq"] - 1, "head_seq": events[-1]["seq"]}
    reader.heard("room.events", {"room_id": ROOM, "events": events, **numbers})


def test_all_is_well(scene: Scene) -> None:
    verdict = scene.judged()
    assert verdict.good, str(verdict)


def lose_a_message(scene: Scene) -> None:
    del scene.ledger.entries[0], scene.held[0]


def lose_it_for_a_reader(scene: Scene) -> None:
    del scene.held[0]


def lose_an_edit(scene: Scene) -> None:
    scene.ledger.entries[1] = scene.held[1] = replace(scene.held[1], text="1", edited=False)


def lose_the_end(scene: Scene) -> None:
    scene.reader.replicas[ROOM].applied = 3


def store_twice(scene: Scene) -> None:
    scene.ledger.entries.append(replace(scene.held[0], seq=5, changed_seq=5))


def show_twice(scene: Scene) -> None:
    hear(scene.reader, wire(0, 5, id="another"))


def change_the_order(scene: Scene) -> None:
    for operation, seq in zip(scene.sender.operations, (2, 1), strict=False):
        assert operation.ack is not None
        operation.ack["message"]["seq"] = seq


def give_a_number_twice(scene: Scene) -> None:
    scene.ledger.entries[0] = replace(scene.held[0], changed_seq=4)


def tell_another_story(scene: Scene) -> None:
    scene.reader.sightings[ROOM, 1].add(("id-2", "ada-2"))


def tell_what_is_not_stored(scene: Scene) -> None:
    scene.reader.sightings[ROOM, 5] = {("id-9", "ada-9")}


def leave_a_hole(scene: Scene) -> None:
    scene.ledger.heads[ROOM] = scene.reader.replicas[ROOM].applied = 6


def store_what_nobody_sent(scene: Scene) -> None:
    scene.ledger.entries.append(replace(scene.held[0], client_id="eve", seq=5, changed_seq=5))


def change_before_it_is_there(scene: Scene) -> None:
    hear(scene.reader, wire(8, 3, changed_seq=5))


@pytest.mark.parametrize(
    ("spoil", "category"),
    [
        (lose_a_message, "lost"),
        (lose_it_for_a_reader, "lost"),
        (lose_an_edit, "lost"),
        (lose_the_end, "lost"),
        (store_twice, "doubled"),
        (show_twice, "doubled"),
        (change_the_order, "disordered"),
        (give_a_number_twice, "disordered"),
        (tell_another_story, "disordered"),
        (tell_what_is_not_stored, "wrong"),
        (leave_a_hole, "wrong"),
        (store_what_nobody_sent, "wrong"),
        (change_before_it_is_there, "wrong"),
    ],
)
def test_it_is_noticed(scene: Scene, spoil: Callable[[Scene], None], category: str) -> None:
    spoil(scene)
    verdict = scene.judged()
    assert getattr(verdict, category), str(verdict)


def test_a_refusal_explains_a_place_and_nothing_else_does(scene: Scene) -> None:
    change_the_order(scene)
    attempts = scene.sender.operations[0].attempts
    attempts.insert(0, Attempt(1, 5, "refused"))
    assert (scene.judged().displaced, scene.judged().disordered) == (1, [])
    attempts[0] = Attempt(1, 5)  # a lost answer, which may have been a refusal only while the database was away
    assert scene.judged(((4, 6),)).displaced == 1
    assert scene.judged(((6, 7),)).disordered
