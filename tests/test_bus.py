"""Several processes on one message bus: what is said and done in one is told in the others at once, and what the bus
loses is found by the rounds."""

from __future__ import annotations

import asyncio
import configparser
import re
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from galaxy_communication import catch_up
from galaxy_communication.bus import Bus
from galaxy_communication.config import ConfigurationError, Settings
from galaxy_communication.database import Database
from galaxy_communication.transports import make_bus
from tests.ending import at_the_first_try
from tests.galaxy_server import COOKIE
from tests.people import DEADLINE_SECONDS, Api, Person, client_ids, eventually
from tests.redis import Redis
from tests.venvs import ROOT
from tests.workers import Workers, running_workers

pytestmark = at_the_first_try

ADA, BEN, CLEO, DAN, EVE, FAY = 1, 2, 3, 4, 5, 6
PEOPLE = 8
BUSES = ("database", "redis", "rabbitmq")


@pytest.fixture(scope="module", params=BUSES)
def workers(request: pytest.FixtureRequest, make_postgresql_database: Callable[[], str]) -> Iterator[Workers]:
    options: dict[str, object] = {"communication_rate_limit_rooms": "3 per hour"}
    if request.param != "database":
        options["communication_message_bus"] = request.getfixturevalue(f"{request.param}_server").url()
    with running_workers(make_postgresql_database(), PEOPLE, options, options) as running:
        assert {worker.chat.bus.name for worker in running.all} == {request.param}
        eventually(lambda: all(worker.chat.bus.heard for worker in running.all))
        yield running


def api(workers: Workers, user_id: int, worker: int) -> Api:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set(COOKIE, workers.cookie(user_id))
    return Api(workers.all[worker].url, session=session)


def frames(person: Person, room_id: str) -> list[dict[str, Any]]:
    return [payload for name, payload in person.events if name == "room.events" and payload["room_id"] == room_id]


def missed(workers: Workers) -> list[int]:
    """By each of them, after its next beat."""
    for worker in workers.all:
        worker.chat.pulse.beat_and_tell()
    return [worker.chat.pulse.roll_call.unheard for worker in workers.all]


def test_what_is_said_in_one_is_heard_in_all_in_one_order_without_holes(workers: Workers) -> None:
    people = [workers.person(user_id, worker) for user_id, worker in ((ADA, 0), (BEN, 1), (CLEO, 0), (DAN, 1))]
    room_id = people[0].room()["id"]
    start = max(person.room()["head_seq"] for person in people)
    answers = [
        person.later("message.send", {"room_id": room_id, "text": f"{number}", "client_id": next(client_ids)})
        for number in range(50)
        for person in people[:2]
    ]
    sent = [answer()["message"] for answer in answers]
    edited = people[1].call("message.edit", {"message_id": sent[0]["id"], "text": "other"})
    assert not edited["ok"], "it is another's"
    people[0].call("message.react", {"message_id": sent[1]["id"], "emoji": "👍", "on": True})
    for person in people:
        person.wait_for_change(room_id, start + len(sent) + 1)
        seqs = [event["seq"] for event in person.changes(room_id) if event["seq"] > start]
        assert seqs == sorted(set(seqs)), "in order, each once"
        told = start
        for frame in frames(person, room_id):
            assert frame["after_seq"] <= told, "a client would see a hole"
            told = max(told, frame["head_seq"])
        texts = {event["message"]["id"]: event["message"]["text"] for event in person.changes(room_id)}
        assert texts.items() >= {message["id"]: message["text"] for message in sent}.items()


def test_what_becomes_of_rooms_and_people_is_told_in_all(workers: Workers) -> None:
    ada, ben, bens_phone = workers.person(ADA, 0), workers.person(BEN, 1), workers.person(BEN, 0)
    room = ada.call("room.create", {"name": "Assembly", "kind": "public"})["room"]
    ben.call("room.join", {"room_id": room["id"]})
    bens_phone.wait_for("room.updated", lambda told: told["room"]["id"] == room["id"] and told["room"]["joined"])
    member = ada.wait_for("room.member", lambda told: told["room_id"] == room["id"])
    assert (member["joined"], member["user"]["id"]) == (True, ben.ready["user"]["id"])

    changed = api(workers, ADA, 0)("PATCH", f"rooms/{room['id']}", {"topic": "long reads"})
    assert changed.ok, changed.text
    ben.wait_for("room.updated", lambda told: told["room"]["topic"] == "long reads")
    message = ada.send(room["id"], "who is there?")
    ben.wait_for_message(message["id"])
    bens_phone.wait_for_message(message["id"])
    ben.call("room.typing", {"room_id": room["id"]})
    ada.wait_for("room.typing", lambda told: told["user"]["id"] == ben.ready["user"]["id"])
    ben.call("room.read", {"room_id": room["id"], "seq": message["seq"]})
    bens_phone.wait_for("room.updated", lambda told: told["room"]["read_seq"] == message["seq"])

    ben.call("room.leave", {"room_id": room["id"]})
    bens_phone.wait_for("room.removed", lambda told: told["room_id"] == room["id"])
    after = ada.send(room["id"], "gone?")
    ada.wait_for_message(after["id"])
    assert all(event["message"]["id"] != after["id"] for event in bens_phone.changes(room["id"]))


def test_who_is_there_is_known_in_all(workers: Workers) -> None:
    ada = workers.person(ADA, 0)
    eve = workers.person(EVE, 1)
    eves_id = eve.ready["user"]["id"]

    def status() -> str | None:
        told = [change for name, payload in ada.events if name == "presence" for change in payload["changes"]]
        return next((change["status"] for change in reversed(told) if change["user"]["id"] == eves_id), None)

    def is_around(worker: int) -> bool:
        found = api(workers, ADA, worker).get(f"rooms/{ada.room()['id']}/members")
        return any(member["id"] == eves_id and member["status"] == "online" for member in found)

    eventually(lambda: status() == "online" or any(user["id"] == eves_id for user in ada.ready["online"]))
    assert is_around(1)
    eventually(lambda: is_around(0))
    late = workers.person(DAN, 0)
    assert eves_id in [user["id"] for user in late.ready["online"]]
    eve.call("presence.set", {"status": "away"})
    eventually(lambda: status() == "away")
    eve.close()
    eventually(lambda: status() == "offline")
    assert not is_around(0)


def test_one_who_has_missed_it_asks_who_is_there(workers: Workers) -> None:
    """As a process that has just come, or was cut off."""
    fay = workers.person(FAY, 1)
    here, there = (worker.chat for worker in workers.all)
    number = there.decode_id(fay.ready["user"]["id"])
    eventually(lambda: here.connections.is_connected(number))
    workers.all[0].on_its_loop(lambda: here.bus._hear({"worker": there.bus.worker, "number": 0, "hints": [["gone"]]}))
    assert not here.connections.is_connected(number)
    eventually(lambda: here.connections.is_connected(number))


def test_one_that_only_speaks_is_heard(workers: Workers) -> None:
    """As Galaxy's own process does, beside one of the chat's own."""
    chat = workers.all[0].chat
    heard = threading.Event()
    chat.bus.on("spoken", lambda _worker, value: heard.set() if value == "listen!" else None)

    async def speak() -> None:
        bus = make_bus(chat.settings, chat.database, chat.host.amqp_url, chat.host.id_secret)
        bus.listens = False
        bus.say("spoken", "listen!")
        try:
            assert await asyncio.to_thread(heard.wait, 15)
            assert (bus._listening, bus._beating) == (None, None)
        finally:
            await bus.stop()

    asyncio.run(speak())


def test_a_person_has_one_budget_in_all(workers: Workers) -> None:
    names = iter(f"Room {number}" for number in range(9))
    doors = [api(workers, BEN, worker) for worker in (0, 1)]
    workers.person(BEN, 0)

    def make(worker: int) -> int:
        return doors[worker]("POST", "rooms", {"name": next(names), "kind": "public"}).status_code

    assert [make(0), make(0), make(0), make(0)] == [200, 200, 200, 429]
    assert eventually(lambda: make(1) == 429), "the other one has heard of it"


def test_nobody_is_missed_on_one_bus(workers: Workers) -> None:
    eventually(lambda: missed(workers) == [0, 0])
    assert [missed(workers) for _ in range(4)] == [[0, 0]] * 4


def test_what_the_bus_loses_the_rounds_find(workers: Workers) -> None:
    ada, ben = workers.person(ADA, 0), workers.person(BEN, 1)
    room_id = ada.room()["id"]
    hearer = workers.all[1].chat.bus._hearers
    deaf, hearer["rooms"] = hearer["rooms"], lambda *_: None
    try:
        lost = [ada.send(room_id, "lost") for _ in range(3)]
        ada.wait_for_message(lost[-1]["id"])
    finally:
        hearer["rooms"] = deaf
    next_one = ben.send(room_id, "next")  # continues what they were not sent: so that is read first
    ben.wait_for_message(next_one["id"])
    assert [event["message"]["text"] for event in ben.changes(room_id)][-4:] == ["lost"] * 3 + ["next"]


def test_a_message_that_was_changed_is_new_to_those_who_missed_both(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its change comes in a later part than the number that it was given first."""
    monkeypatch.setattr(catch_up, "MAX_EVENTS", 2)
    ada, ben = workers.person(ADA, 0), workers.person(BEN, 1)
    room_id = ada.room()["id"]
    hearer = workers.all[1].chat.bus._hearers
    deaf, hearer["rooms"] = hearer["rooms"], lambda *_: None
    try:
        first, *_, last = [ada.send(room_id, "missed") for _ in range(4)]
        edited = ada.call("message.edit", {"message_id": first["id"], "text": "changed"})["message"]
        ada.wait_for_change(room_id, edited["changed_seq"])
    finally:
        hearer["rooms"] = deaf
    ben.send(room_id, "next")
    assert ben.wait_for_message(last["id"])["type"] == "message.created"
    assert ben.wait_for_change(room_id, edited["changed_seq"])["type"] == "message.created"


def test_a_bus_that_is_not_that_of_all_is_told_on_both_sides(
    make_postgresql_database: Callable[[], str], redis_server: Redis
) -> None:
    """As where one host lacks the client of the other's; each hears itself."""
    admins: dict[str, object] = {"is_admin_user": lambda user: user.id == ADA}
    redis = {"communication_message_bus": redis_server.url()}
    with running_workers(make_postgresql_database(), 2, admins, admins | redis) as split:
        for user_id in (ADA, BEN):
            split.person(user_id, 0)
        eventually(lambda: missed(split) == [1, 1])
        for worker, bus in enumerate(("database", "redis")):
            (warning,) = api(split, ADA, worker).get("admin/figures")["warnings"]
            assert (warning["reason"], warning["values"]) == ("workers_not_heard", {"count": 1, "bus": bus})
            assert api(split, ADA, worker).get("status")["warnings"] == ["workers_not_heard"]
            assert api(split, BEN, worker).get("status")["warnings"] == [], "it is the administrators' to know"
        assert all(worker.chat.bus.is_working for worker in split.all)


def made(wanted: str | None, amqp: str | None = None) -> Bus:
    return make_bus(Settings(communication_message_bus=wanted), Database("sqlite://"), amqp, "secret")


def test_valkeys_own_client_carries_it_too(redis_server: Redis) -> None:
    url = redis_server.url().replace("redis://", "valkey://")

    async def tell() -> None:
        here, there = made(url), made(url)
        heard = asyncio.Event()
        there.on("ä", lambda _worker, number: heard.set() if number == 1 else None)
        there.start()

        async def say() -> None:
            while not heard.is_set():  # the other one may not listen yet
                here.say("ä", 1)
                await asyncio.sleep(0.05)

        try:
            await asyncio.wait_for(say(), DEADLINE_SECONDS)
        finally:
            await asyncio.gather(here.stop(), there.stop())

    asyncio.run(tell())


@pytest.mark.parametrize(("scheme", "module"), [("redis", "redis"), ("valkey", "valkey"), ("amqp", "aio_pika")])
def test_a_missing_client_is_named_with_what_brings_it(
    scheme: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ConfigurationError) as refused:
        made(f"{scheme}://:secret@host")
    assert f"'{scheme}://:***@host' does not work: its client is missing" in str(refused.value)
    remedy = re.search(r"pip install 'galaxy-communication\[(\w+)\]'$", str(refused.value))
    assert remedy
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    assert setup["options.extras_require"][remedy[1]].strip().startswith(f"{module.replace('_', '-')}>=")


def test_a_bus_that_cannot_be_is_refused_with_the_remedy() -> None:
    def bus(wanted: str | None, amqp: str | None = None) -> str:
        return made(wanted, amqp).name

    assert [bus(None), bus(None, "sqlalchemy+sqlite:///control.sqlite"), bus("memory", "amqp://mq")] == ["memory"] * 3
    assert [bus(None, "amqp://mq"), bus("amqps://mq"), bus("redis://r")] == ["rabbitmq", "rabbitmq", "redis"]
    with pytest.raises(ConfigurationError, match=r"communication_message_bus: 'database' .* PostgreSQL"):
        bus("database")
    with pytest.raises(
        ConfigurationError, match=r"communication_message_bus: 'kafka://…@k' does not work: write memory, "
    ):
        Settings.from_option({"communication_message_bus": "kafka://a:b@k"}.get)
