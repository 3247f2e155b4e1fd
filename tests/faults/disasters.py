"""What is done to Galaxy and its database while people chat. All of it blocks, until everybody is served again."""

from __future__ import annotations

import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.galaxy_server import GalaxyServer
from tests.postgresql import PostgresqlCluster
from tests.tcp_proxy import TcpProxy

from .traffic import Traffic
from .workers import workers

#: Takes the write lock of the SQLite file that is its argument, and keeps it until its standard input ends.
LOCK = """import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
connection.close()"""


class Disasters(ABC):
    def __init__(self, galaxy: GalaxyServer, traffic: Traffic, people: TcpProxy) -> None:
        """
        :param people: between them and Galaxy.
        """
        self.galaxy = galaxy
        self.traffic = traffic
        self.rng = traffic.fork_rng()
        self._people = people
        self.outages: list[tuple[float, float]] = []
        """When the database took nothing, by the monotonic clock."""

    @property
    @abstractmethod
    def short(self) -> list[Callable[[], None]]:
        """Those of a few seconds."""

    @property
    @abstractmethod
    def long(self) -> list[Callable[[], None]]: ...

    @contextmanager
    def last(self) -> Iterator[None]:
        """The last fault: what is told while it lasts is lost on the way. Nothing, where one process serves."""
        yield

    def kill_worker(self) -> None:
        """One of gunicorn's, whose master makes another out of what it has loaded."""
        self.rng.choice(workers(self.galaxy)).kill()
        self.traffic.counts.done["worker killed"] += 1

    def kill_galaxy(self) -> None:
        self.galaxy.kill()
        self.galaxy.start()
        self.galaxy.wait_until_ready()
        self.traffic.counts.done["Galaxy killed and started"] += 1

    def run(self, disaster: Callable[[], None]) -> None:
        """In the middle of traffic, and until it flows again."""
        self.traffic.go_on(self.rng.uniform(0.5, 1.5))
        disaster()
        self.traffic.wait_until_served()

    @contextmanager
    def outage(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.outages.append((began, time.monotonic()))

    def _wait_until_refused(self) -> None:
        """The server gives up on what waits for the database, and then tells some who are cut off before they hear."""
        before = self.traffic.counts.refused["overloaded"]
        self._people.peaceful = True
        self.traffic.wait_until("something is refused", lambda: self.traffic.counts.refused["overloaded"] > before)
        self._people.peaceful = False
        self.traffic.go_on(self.rng.uniform(1, 4))


class PostgresqlDisasters(Disasters):
    """Where several workers serve it is also what joins them, unless they have another bus."""

    def __init__(
        self, galaxy: GalaxyServer, traffic: Traffic, people: TcpProxy, cluster: PostgresqlCluster, proxy: TcpProxy
    ) -> None:
        """
        :param proxy: between Galaxy and the database.
        """
        super().__init__(galaxy, traffic, people)
        self._cluster = cluster
        self._proxy = proxy

    @property
    def short(self) -> list[Callable[[], None]]:
        return [self.kill_worker, self.crash, self.cut_connections, self.pause]

    @property
    def long(self) -> list[Callable[[], None]]:
        return [self.partition, self.stop_briefly, self.stop_until_refused, self.kill_galaxy]

    @contextmanager
    def last(self) -> Iterator[None]:
        with self.outage(), self.traffic.swallowed(self._proxy):
            yield

    def crash(self) -> None:
        with self.outage():
            self._cluster.crash()
            self._cluster.start()
        self.traffic.counts.done["PostgreSQL crashed and started"] += 1

    def stop_briefly(self) -> None:
        with self.outage():
            self._cluster.stop()
            self.traffic.go_on(self.rng.uniform(1, 4))
            self._cluster.start()
        self.traffic.counts.done["PostgreSQL stopped and started"] += 1

    def stop_until_refused(self) -> None:
        with self.outage():
            self._cluster.stop()
            self._wait_until_refused()
            self._cluster.start()
        self.traffic.counts.done["PostgreSQL stopped for longer than the deadline"] += 1

    def pause(self) -> None:
        with self.outage(), self._cluster.paused():
            self.traffic.go_on(self.rng.uniform(1, 4))
        self.traffic.counts.done["PostgreSQL paused"] += 1

    def partition(self) -> None:
        with self.outage(), self.traffic.partitioned(self._proxy, self.rng):
            self.traffic.go_on(self.rng.uniform(1, 4))
        self.traffic.counts.done["PostgreSQL cut off"] += 1

    def cut_connections(self) -> None:
        """Galaxy's to the database: commits whose answer is lost."""
        with self.traffic.disturbed(self._proxy, 0.3):
            before = self._proxy.cuts
            self.traffic.go_on(4)
        self.traffic.counts.done["connections to PostgreSQL cut"] += self._proxy.cuts - before


class SqliteDisasters(Disasters):
    def __init__(self, galaxy: GalaxyServer, traffic: Traffic, people: TcpProxy, file: Path) -> None:
        super().__init__(galaxy, traffic, people)
        self._file = file

    @property
    def short(self) -> list[Callable[[], None]]:
        return [self.kill_worker, self.lock_briefly]

    @property
    def long(self) -> list[Callable[[], None]]:
        return [self.lock_until_refused, self.kill_galaxy]

    def lock_briefly(self) -> None:
        with self._locked():
            self.traffic.go_on(self.rng.uniform(1, 4))
        self.traffic.counts.done["SQLite locked by another process"] += 1

    def lock_until_refused(self) -> None:
        with self._locked():
            self._wait_until_refused()
        self.traffic.counts.done["SQLite locked for longer than the deadline"] += 1

    @contextmanager
    def _locked(self) -> Iterator[None]:
        command = [sys.executable, "-c", LOCK, str(self._file)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "locked\n"
            with self.outage():
                try:
                    yield
                finally:
                    holder.communicate()
