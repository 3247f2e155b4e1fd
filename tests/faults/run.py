"""A whole run: people, disasters one after the other, the end, and what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence

from galaxy_communication.galaxy_process import HOST
from tests.galaxy_server import GalaxyServer
from tests.people import Api
from tests.tcp_proxy import TcpProxy

from . import authors, ledger
from .client import Account
from .counts import table
from .disasters import Disasters
from .ledger import Entry, Ledger
from .reader import Reader
from .sender import Sender
from .traffic import Traffic
from .verdict import Verdict, judge
from .workers import spread

SENDERS, CHANGERS, READERS = 4, 2, 6
#: Operations per second of one of them.
SENDER_RATE, CHANGER_RATE = 20.0, 5.0
WINDOW = 20
#: Those of senders, and those of readers, are cut this often on average.
CUT_SECONDS = 2.0
#: What is said within the last fault.
LAST_SECONDS = 2.0
#: At readers on each worker: the kernel alone decides who gets a connection. Two of three will do.
ATTEMPTS = 8
#: Everybody is in the first one by coming.
ROOMS = ("All Chats", "NGS")
REST_PAGE = 200


class Run:
    def __init__(self, galaxy: GalaxyServer, traffic: Traffic, senders: TcpProxy, database: str, workers: int) -> None:
        """
        :param senders: between them and Galaxy; readers get one of their own.
        :param database: the URL of Galaxy's own, straight to it.
        """
        self._galaxy = galaxy
        self._database = database
        self._workers = workers
        self._traffic = traffic
        self._senders = senders
        self._readers = traffic.proxy(galaxy.port)
        self._rooms: dict[str, str] = {}

    def faults(self, disasters: Disasters, kinds: Sequence[Callable[[], None]], seconds: float) -> None:
        """Each kind once, in an order of the seed, and again until the time is over; sockets are cut all along."""
        self.meet()
        until = time.monotonic() + seconds
        disturbed = self._traffic.disturbed
        with disturbed(self._senders, CUT_SECONDS), disturbed(self._readers, CUT_SECONDS):
            self._traffic.go_on(CUT_SECONDS)
            lap = 0
            while lap == 0 or time.monotonic() < until:
                for disaster in self._traffic.rng.sample(kinds, len(kinds)):
                    if lap == 0 or time.monotonic() < until:
                        disasters.run(disaster)
                lap += 1

    def end(self, disasters: Disasters) -> Verdict:
        """The last words fall into the last fault, and nothing said later shows that they are missing. Everybody comes
        to rest; what is stored is compared with what they were told and have."""
        self._spread_readers()
        with disasters.last():
            self._traffic.go_on(LAST_SECONDS)
            self._traffic.stop_sending()
        over = time.monotonic()
        self._traffic.drain(lambda: self._ledger().heads)
        self._traffic.counts.repair_seconds = time.monotonic() - over
        stored = self._ledger()
        readers = self._traffic.readers
        held = {reader.account.username: self._held(reader) for reader in readers}
        held["a newcomer"] = self._pages(self._account("newcomer"), dict.fromkeys(self._rooms.values()))
        return judge(self._traffic.senders, readers, held, stored, disasters.outages, self._traffic.counts)

    def table(self, title: str, verdict: Verdict) -> str:
        counts = self._traffic.counts
        operations = [operation.event for sender in self._traffic.senders for operation in sender.operations]
        messages = operations.count("message.send")
        return table(
            title,
            {
                "senders / readers": f"{len(self._traffic.senders)} / {len(self._traffic.readers)}",
                "messages sent": messages,
                "edits, deletions and reactions sent": len(operations) - messages,
                "sockets cut": self._senders.cuts + self._readers.cuts,
                **counts.rows(),
                "out of order after a refusal": verdict.displaced,
                "**lost**": len(verdict.lost),
                "**doubled**": len(verdict.doubled),
                "**out of order**": len(verdict.disordered),
                "**wrong in another way**": len(verdict.wrong),
            },
        )

    def _spread_readers(self) -> None:
        """Over all workers: those who share one hear each other without a bus."""
        traffic = self._traffic
        traffic.wake()
        traffic.wait_until_served()
        for _ in range(ATTEMPTS):
            found = spread(self._galaxy, self._readers.upstream_ports())
            if len(found) == self._workers and 0 not in found:
                break
            traffic.disturb_once(self._readers)
            traffic.wait_until_served()
        traffic.counts.spread = found

    def meet(self) -> None:
        traffic = self._traffic
        # Galaxy answers before all that starts with it has started.
        traffic.wait_until("chat has started", lambda: bool(self._galaxy.api("GET", "communication/status")["enabled"]))

        def accounts(name: str, count: int, proxy: TcpProxy = self._senders) -> list[tuple[object, ...]]:
            url = f"http://{HOST}:{proxy.port}"
            return [(self._account(name), url, traffic.counts, traffic.fork_rng()) for _ in range(count)]

        senders = [
            Sender(*client, window=WINDOW, compose=authors.message, rate=SENDER_RATE)
            for client in accounts("sender", SENDERS)
        ]
        changers = [
            Sender(*client, window=1, compose=authors.message_or_change, rate=CHANGER_RATE)
            for client in accounts("changer", CHANGERS)
        ]
        traffic.start(senders + changers, [Reader(*client) for client in accounts("reader", READERS, self._readers)])
        traffic.wait_until_served()

    def _account(self, name: str) -> Account:
        user = self._galaxy.create_user(name, chat=True)
        api = Api(self._galaxy.url, key=user.api_key)
        ids = {room["name"]: room["id"] for room in api.get("rooms")}
        self._rooms = {name: ids[name] for name in ROOMS}
        for room_id in self._rooms.values():
            assert api("POST", f"rooms/{room_id}/membership").ok
        return Account(user.username, user.api_key, tuple(self._rooms.values()))

    def _ledger(self) -> Ledger:
        return ledger.read(self._database, self._rooms)

    def _held(self, reader: Reader) -> list[Entry]:
        """What the reader has and, where a newest page has replaced that, what came before it."""
        own = [ledger.entry(message) for replica in reader.replicas.values() for message in replica.messages.values()]
        cut_off = {room: replica.complete_from for room, replica in reader.replicas.items() if replica.complete_from}
        return own + self._pages(reader.account, cut_off)

    def _pages(self, account: Account, before: Mapping[str, int | None]) -> list[Entry]:
        """All messages of some rooms below a number, by REST."""
        api, found = Api(self._galaxy.url, key=account.api_key), []
        for room, bound in before.items():
            while page := api.get(f"rooms/{room}/messages", before=bound, limit=REST_PAGE):
                found += [ledger.entry(message) for message in page]
                bound = page[-1]["seq"]
        return found
