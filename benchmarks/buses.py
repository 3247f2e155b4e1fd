"""Deliveries per second, what one costs and how long it takes, for one to three workers and each bus.

    python -m benchmarks.buses [--seconds SECONDS] [--listeners COUNT] [--workers 1 2 3] [--buses memory database ...]

A real Galaxy under gunicorn on a throw-away PostgreSQL, Redis and RabbitMQ. All are in one room. At first ten senders,
each with a window of messages under way, send as fast as they are acked; then one sends twenty messages a second, and
what those on other workers than the sender's hear is timed. A delivery is a message that one listener was told of. The
ratio is that of deliveries per second to the first row's, of one worker with its memory for a bus, in the same run.

All of this shares one machine, and so does what makes the load: with all cores busy, more workers are no more machine.
The cost of a delivery, in processor time of the processes that serve, is what says something of others.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from galaxy_communication.galaxy_process import free_port
from tests import rabbitmq, redis
from tests.daemon import running
from tests.faults.workers import connections_of, workers
from tests.galaxy_server import CONFIG, GalaxyServer
from tests.people import Api, eventually
from tests.postgresql import PostgresqlCluster, running_cluster
from tests.system_packages import postgresql_folder

from .load import open_line
from .traffic import Room, paced, saturated

BUSES = ("memory", "database", "redis", "rabbitmq")
SENDERS = 10


@dataclass(frozen=True)
class Figures:
    deliveries_per_second: float
    serving: float
    """Microseconds of processor time per delivery: of Galaxy's workers."""
    joining: float
    """The same, of the database and the bus."""
    left_out: float
    """The share of messages that listeners were not told of but were left to ask for, being too far behind."""
    delays: list[float]
    """Milliseconds from sending to hearing on another worker; on the same one, if it is the only one."""

    def row(self, name: str, workers: int, alone: Figures) -> str:
        delays = sorted(self.delays)
        cells = [
            name,
            str(workers),
            f"{self.deliveries_per_second:,.0f}",
            f"{self.deliveries_per_second / alone.deliveries_per_second:.2f}",
            f"{self.serving:.1f}",
            f"{self.joining:.1f}",
            f"{self.left_out:.1%}",
            f"{statistics.median(delays):.0f} ms",
            f"{delays[int(len(delays) * 0.99)]:.0f} ms",
        ]
        return f"| {' | '.join(cells)} |"


COLUMNS = (
    "bus",
    "workers",
    "deliveries/s",
    "ratio",
    "µs of a worker per delivery",
    "µs of database and bus",
    "left to `sync`",
    "p50",
    "p99",
)
HEAD = f"| {' | '.join(COLUMNS)} |\n| --- |{' ---: |' * (len(COLUMNS) - 1)}"


@contextmanager
def serving_galaxy(cluster: PostgresqlCluster, count: int, bus: str) -> Iterator[tuple[GalaxyServer, str]]:
    """A Galaxy, and the URL of its new database.

    :param bus: as in Galaxy's configuration.
    """
    url = cluster.url(cluster.create_database())
    with TemporaryDirectory(prefix="communication-benchmark-") as folder:
        config = {**CONFIG, "database_connection": url, "communication_message_bus": bus}
        galaxy = GalaxyServer(Path(folder), config, port=free_port(), server="gunicorn", workers=count)
        try:
            galaxy.start_and_wait()
            eventually(lambda: galaxy.api("GET", "communication/status")["enabled"])
            eventually(lambda: len(workers(galaxy)) == count)
            yield galaxy, url
        finally:
            galaxy.stop()


@contextmanager
def servers(names: Sequence[str]) -> Iterator[tuple[PostgresqlCluster, dict[str, str], dict[str, psutil.Process]]]:
    """The database, what is set for each bus, and the process of those that have one of their own."""
    folder = postgresql_folder()
    if folder is None or not shutil.which(redis.PROGRAM) or not rabbitmq.PROGRAM.exists():
        sys.exit("On Debian: apt-get install postgresql redis-server rabbitmq-server")
    with ExitStack() as stack:
        cluster = stack.enter_context(running_cluster(folder))
        settings, processes = {"memory": "memory", "database": "database"}, {"database": cluster.process}
        if "redis" in names:
            bus = stack.enter_context(running(redis.Redis))
            settings["redis"], processes["redis"] = bus.url(), bus.process
        if "rabbitmq" in names:
            broker = stack.enter_context(running(rabbitmq.RabbitMQ))
            settings["rabbitmq"], processes["rabbitmq"] = broker.url(), broker.process
        yield cluster, settings, processes


def processor_seconds(process: psutil.Process) -> float:
    """Its own and those of all it has started; what has ended in the meantime is in its parent's."""
    times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
    return float(sum(one.user + one.system for one in times) + times[0].children_user + times[0].children_system)


async def measure(
    galaxy: GalaxyServer, accounts: list[tuple[str, str]], helpers: list[psutil.Process], options: argparse.Namespace
) -> Figures:
    room_id, keys = accounts[0][0], [key for _, key in accounts]
    lines = [await open_line(galaxy.port, keys[number % len(keys)]) for number in range(options.listeners)]
    room = Room(room_id, lines)
    by_worker = connections_of(galaxy, {line.local_port for line in lines})
    others = [line for line in lines if by_worker[line.local_port] != by_worker[lines[0].local_port]] or lines
    servers = workers(galaxy)

    def spent() -> tuple[float, float]:
        return sum(map(processor_seconds, servers)), sum(map(processor_seconds, helpers))

    await saturated(room, lines[:SENDERS], 1)  # caches are filled, connections made
    before, told, acked = spent(), room.created(), room.acked
    seconds = await saturated(room, lines[:SENDERS], options.seconds)
    after, deliveries = spent(), room.created() - told
    due = (room.acked - acked) * len(lines)
    delays = await paced(room, lines[0], others, options.seconds)
    for line in lines:
        line.close()
    served, joined = (1e6 * (end - begin) / deliveries for begin, end in zip(before, after, strict=True))
    return Figures(deliveries / seconds, served, joined, 1 - deliveries / due, delays)


def accounts(galaxy: GalaxyServer) -> list[tuple[str, str]]:
    """The room's id and an API key, for each of those who take part."""
    found = []
    for _ in range(SENDERS):
        user = galaxy.create_user("load", chat=True)
        rooms = Api(galaxy.url, key=user.api_key).get("rooms")
        found.append((next(room["id"] for room in rooms if room["name"] == "All Chats"), user.api_key))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    parser.add_argument("--listeners", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--buses", nargs="+", choices=BUSES, default=list(BUSES))
    options = parser.parse_args()
    alone: Figures | None = None
    with servers(options.buses) as (cluster, settings, processes):
        print(HEAD, flush=True)
        for count in options.workers:
            for bus in options.buses:
                if bus == "memory" and count > 1:
                    continue
                helpers = [processes["database"], *([processes[bus]] if bus in ("redis", "rabbitmq") else [])]
                with serving_galaxy(cluster, count, settings[bus]) as (galaxy, _):
                    figures = asyncio.run(measure(galaxy, accounts(galaxy), helpers, options))
                alone = alone or figures
                print(figures.row(bus, count, alone), flush=True)


if __name__ == "__main__":
    main()
