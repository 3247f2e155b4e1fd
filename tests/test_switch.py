"""A Galaxy with two workers: the administrators' switch, and what they are told of both."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from galaxy_communication.galaxy_process import HOST
from galaxy_communication.pulse import BEAT_SECONDS
from tests.ending import Measured
from tests.galaxy_server import GalaxyServer, StartGalaxy
from tests.people import Api, Person, Refused, client_ids, eventually

SOCKETS = 20
#: Within which the switch is in force on every worker.
PROMISED_SECONDS = 5


@pytest.fixture(scope="module")
def galaxy(
    start_galaxy: StartGalaxy, make_postgresql_database: Callable[[], str], listener: socket.socket
) -> GalaxyServer:
    """Without a bus, so that each worker has to find out by itself."""
    statsd = {"statsd_host": HOST, "statsd_port": listener.getsockname()[1], "enable_statsd_middleware": False}
    config = {"communication_message_bus": "memory", **statsd}
    return start_galaxy(database=make_postgresql_database(), server="gunicorn", workers=2, config=config)


@pytest.fixture(scope="module")
def listener() -> Iterator[socket.socket]:
    """What Galaxy has for a statsd."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((HOST, 0))
        listener.settimeout(2 * BEAT_SECONDS)
        yield listener


@pytest.fixture
def admin(galaxy: GalaxyServer) -> Iterator[Api]:
    api = Api(galaxy.url, key=galaxy.admin(chat=True).api_key)
    yield api
    assert api("PUT", "status", {"enabled": True}).ok


class Guest:
    """Somebody who comes back, as the client does, until they are let in."""

    def __init__(self, galaxy: GalaxyServer) -> None:
        self._galaxy = galaxy
        self._key = galaxy.create_user(chat=True).api_key
        eventually(self.come_back)  # also a worker that has just started
        self.closed: tuple[str, float] | None = None
        """The code, and when."""

    def come(self) -> None:
        self.person = Person(self._galaxy.url).connect(api_key=self._key)

    def wait_until_closed(self) -> None:
        code = self.person.wait_for("closed")["code"]
        self.closed = code, time.monotonic()
        assert self.person.ended.wait(10)
        self.person.close()

    def come_back(self) -> bool:
        """Whether they were let in."""
        try:
            self.come()
        except Refused:
            return False
        return True


def talk(person: Person, room_id: str, stop: threading.Event) -> None:
    """As fast as the answers come, until the connection is closed."""
    while not stop.is_set() and not person.ended.is_set():
        answers = [
            person.later("message.send", {"room_id": room_id, "text": "load", "client_id": next(client_ids)})
            for _ in range(10)
        ]
        with suppress(AssertionError):  # the last ones are not answered
            answers[-1]()


def test_off_and_on_again_under_load(galaxy: GalaxyServer, admin: Api, measured: Measured) -> None:
    guests = [Guest(galaxy) for _ in range(SOCKETS)]
    room_id = guests[0].person.room()["id"]
    stop = threading.Event()
    loud = [threading.Thread(target=talk, args=(guest.person, room_id, stop), daemon=True) for guest in guests[:2]]
    for thread in loud:
        thread.start()
    off = time.monotonic()
    assert admin("PUT", "status", {"enabled": False}).json()["enabled"] is False
    for guest in guests:
        guest.wait_until_closed()
    stop.set()
    assert {guest.closed[0] for guest in guests if guest.closed} == {"disabled"}
    slowest = max(guest.closed[1] - off for guest in guests if guest.closed)

    status = Api(galaxy.url, key=galaxy.create_user(chat=True).api_key).get("status")
    assert (status["enabled"], status["user_enabled"], status["available"]) == (False, True, False)
    for guest in guests[:4]:
        with pytest.raises(Refused) as refusal:
            guest.come()
        assert refusal.value.args[0]["data"]["error"]["code"] == "disabled"
    refused = admin("GET", "rooms")
    assert (refused.status_code, refused.json()["error"]["reason"]) == (403, "server_switch_off")

    assert admin("PUT", "status", {"enabled": True}).json()["enabled"] is True
    for guest in guests:
        eventually(guest.come_back)
    sent = guests[0].person.send(room_id, "We are back")
    for guest in guests:
        guest.person.wait_for_message(sent["id"])
        guest.person.close()
    measured(f"{SOCKETS} sockets on 2 workers closed {slowest:.1f} s after the switch")
    assert slowest < PROMISED_SECONDS


def test_only_administrators_turn_it(galaxy: GalaxyServer, admin: Api) -> None:
    user = galaxy.create_user(chat=True)
    for api, status in ((Api(galaxy.url, key=user.api_key), 403), (Api(galaxy.url), 401)):
        assert api("PUT", "status", {"enabled": False}).status_code == status
    assert admin("PUT", "status", {}).status_code == 400
    assert admin.get("status")["enabled"] is True


def test_each_turn_is_in_the_audit_log(admin: Api) -> None:
    eventually(lambda: all(admin("GET", "admin/audit").ok for _ in range(10)))  # both workers have started
    before = admin.get("admin/audit")
    for on in (False, False, True, True):
        assert admin("PUT", "status", {"enabled": on}).ok
    fresh = [entry for entry in admin.get("admin/audit") if entry not in before]
    assert [entry["act"] for entry in fresh] == ["switch_on", "switch_off"]


def test_the_figures_are_those_of_both_workers(galaxy: GalaxyServer, admin: Api) -> None:
    guests = [Guest(galaxy).person for _ in range(8)]
    room_id = guests[0].room()["id"]
    for guest in guests:
        guest.send(room_id, "hello")

    def complete() -> Any:
        """As the one that answers tells; the other's numbers come with its next beat."""
        found = admin.get("admin/figures")
        return found if found["connections"] == len(guests) and found["messages_per_minute"] >= len(guests) else None

    found = eventually(complete, seconds=2 * BEAT_SECONDS)
    assert found["online"] == len(guests)
    assert [worker["is_this"] for worker in found["workers"]].count(True) == 1
    assert len({worker["name"] for worker in found["workers"]}) == 2
    assert [warning["reason"] for warning in found["warnings"]] == ["workers_without_bus"]
    assert eventually(lambda: admin.get("status")["warnings"], seconds=2 * BEAT_SECONDS) == ["workers_without_bus"]
    assert Api(galaxy.url).get("status")["warnings"] == [], "it is the administrators' to know"
    assert "no message bus joins them" in galaxy.log.read_text()
    for guest in guests:
        guest.close()


def test_a_scrape_of_either_worker_tells_of_both_and_so_does_statsd(
    galaxy: GalaxyServer, listener: socket.socket
) -> None:
    workers: set[str] = set()
    key = galaxy.admin(chat=True).api_key

    def scraped() -> dict[str, float]:
        """By worker, the connections that it has let in. Over a new connection, which either of them may take."""
        families = text_string_to_metric_families(Api(galaxy.url, key=key)("GET", "admin/metrics").text)
        samples = (sample for family in families for sample in family.samples)
        return {one.labels["worker"]: one.value for one in samples if one.name.endswith("_connects_total")}

    def both() -> dict[str, float]:
        counts = scraped()
        return counts if len(counts) == 2 else {}

    before = eventually(both)
    guests = [Guest(galaxy) for _ in range(6)]
    for guest in guests:
        guest.person.close()
    for _ in range(10):
        after = scraped()
        assert all(after[worker] >= before[worker] for worker in before), "no counter ever falls"
        before = after
    eventually(lambda: sum(scraped().values()) >= 6, 2 * BEAT_SECONDS)
    while len(workers) < 2:
        path, _, value = listener.recv(4096).decode().rpartition(":")
        if path.startswith("galaxy.communication.connections."):
            assert value.endswith("|g")
            workers.add(path)
