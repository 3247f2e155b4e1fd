"""What is done to the bus that joins Galaxy's workers, where the database is not itself the bus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from galaxy_communication import bus
from tests.daemon import Daemon
from tests.tcp_proxy import TcpProxy

from .disasters import PostgresqlDisasters

#: As long as a worker waits to hear itself, and two beats.
NOTICED_SECONDS = bus.SILENCE_SECONDS + 2 * bus.BEAT_SECONDS


class BusDisasters(PostgresqlDisasters):
    """Meanwhile senders are acked, as that takes the database alone."""

    def __init__(self, *on_database: object, bus: Daemon, bus_proxy: TcpProxy) -> None:
        """
        :param on_database: the arguments of `PostgresqlDisasters`.
        :param bus_proxy: between Galaxy and the bus.
        """
        super().__init__(*on_database)  # type: ignore[arg-type]
        self._bus = bus
        self._bus_proxy = bus_proxy

    @property
    def short(self) -> list[Callable[[], None]]:
        return [self.kill_worker, self.crash_bus, self.pause_bus]

    @property
    def long(self) -> list[Callable[[], None]]:
        brief = [self.partition_bus, self.stop_bus, self.cut_bus]
        return [*brief, self.pause_bus_for_longer, self.leave_bus_dead, *super().short, *super().long]

    def crash_bus(self) -> None:
        self._bus.crash()
        self.traffic.wait_until_acked()
        self._bus.start()
        self._count("crashed and started")

    def stop_bus(self) -> None:
        self._bus.stop()
        self.traffic.go_on(self.rng.uniform(1, 4))
        self.traffic.wait_until_acked()
        self._bus.start()
        self._count("stopped and started")

    def pause_bus(self) -> None:
        with self._bus.paused():
            self.traffic.go_on(self.rng.uniform(1, 4))
            self.traffic.wait_until_acked()
        self._count("paused")

    def pause_bus_for_longer(self) -> None:
        """Than it takes the workers to notice, and to make all connections anew, in vain."""
        with self._silence(), self._bus.paused():
            self.traffic.go_on(NOTICED_SECONDS)
            self.traffic.wait_until_acked()
        self._count("paused for longer")

    def leave_bus_dead(self) -> None:
        """Its connections stay open on both sides, and nothing comes through any more; through new ones it does."""
        with self._silence():
            self.traffic.let_die(self._bus_proxy)
            self.traffic.go_on(NOTICED_SECONDS)
            self.traffic.wait_until_acked()
        self._count("left with dead connections")

    def partition_bus(self) -> None:
        with self.traffic.partitioned(self._bus_proxy, self.rng):
            self.traffic.go_on(self.rng.uniform(1, 4))
            self.traffic.wait_until_acked()
        self._count("cut off")

    def cut_bus(self) -> None:
        before = self._bus_proxy.cuts
        with self.traffic.disturbed(self._bus_proxy, 0.3):
            self.traffic.go_on(4)
        self.traffic.counts.done[f"connections to {self._bus.name} cut"] += self._bus_proxy.cuts - before

    @contextmanager
    def last(self) -> Iterator[None]:
        with self.traffic.swallowed(self._bus_proxy):
            yield
            self.traffic.wait_until("all is acked without the bus", self.traffic.all_acked)

    @contextmanager
    def _silence(self) -> Iterator[None]:
        """Ends when each worker that has noticed it has heard itself again."""

        def silent() -> int:
            said = self.galaxy.log.read_text(errors="replace")
            return said.count(") does not answer: ") - said.count(") answers again")

        before = silent()  # some may have been killed meanwhile
        yield
        self.traffic.wait_until("all workers hear", lambda: silent() <= before)

    def _count(self, what: str) -> None:
        self.traffic.counts.done[f"{self._bus.name} {what}"] += 1
