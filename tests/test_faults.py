"""Nothing that was acked is lost or doubled, and everybody sees one order, whatever happens to the connections, to
Galaxy, to its database and to what joins its workers.

Three workers on PostgreSQL, joined by each bus in turn. A short run with the database is part of the suite. ``tox -e
faults`` does everything, also one worker on SQLite:

    FAULTS_SECONDS    how long faults go on, each time; every kind comes at least once
    FAULTS_SEED       the seed that a run has printed, for the same faults again
"""

from __future__ import annotations

import os
import secrets

import pytest

from tests.ending import Measured, at_the_first_try
from tests.faults.buses import BusDisasters
from tests.faults.disasters import Disasters, PostgresqlDisasters, SqliteDisasters
from tests.faults.run import Run
from tests.faults.traffic import Traffic
from tests.galaxy_server import StartGalaxy
from tests.postgresql import PostgresqlCluster
from tests.rabbitmq import RabbitMQ
from tests.redis import Redis

pytestmark = at_the_first_try

SECONDS = float(os.environ.get("FAULTS_SECONDS") or 0)
SEED = os.environ.get("FAULTS_SEED") or secrets.token_hex(4)
WORKERS = 3
ALONE = "one worker on SQLite"
#: What joins the workers, and the fixture of its server where it is not the database.
BUSES = {"the database as bus": None, "Redis as bus": "redis_server", "RabbitMQ as bus": "rabbitmq_server"}

#: A minute or two for each would be too much for every change; `tests.test_bus` is about all of them.
SHORTLY = ["the database as bus"]


@pytest.mark.parametrize("setup", [*BUSES, ALONE] if SECONDS else SHORTLY)
def test_nothing_is_lost(
    setup: str,
    start_galaxy: StartGalaxy,
    request: pytest.FixtureRequest,
    measured: Measured,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measured(begun := f"{setup}, FAULTS_SEED={SEED}")
    with capsys.disabled():  # at once, too: a run that hangs comes to no end at which it could be said
        print(f"\n{begun}")
    with Traffic(f"{setup} {SEED}") as traffic:
        if setup == ALONE:
            run, disasters = on_sqlite(traffic, start_galaxy)
        else:
            server = BUSES[setup]
            bus = request.getfixturevalue(server) if server else None
            run, disasters = with_bus(traffic, start_galaxy, request.getfixturevalue("postgresql_cluster"), bus)
        run.faults(disasters, disasters.short + (disasters.long if SECONDS else []), SECONDS)
        verdict = run.end(disasters)
        measured(run.table(setup, verdict))
        disasters.galaxy.stop()  # while its database can still be reached
    assert verdict.good, str(verdict)


def with_bus(
    traffic: Traffic, start_galaxy: StartGalaxy, cluster: PostgresqlCluster, bus: Redis | RabbitMQ | None
) -> tuple[Run, Disasters]:
    """
    :param bus: beside the database, else that is the bus.
    """
    proxy = traffic.proxy(cluster.port)
    bus_proxy = traffic.proxy(bus.port) if bus else None
    name = cluster.create_database()
    galaxy = start_galaxy(
        server="gunicorn",
        workers=WORKERS,
        database=cluster.url(name, port=proxy.port),
        config={"communication_message_bus": bus.url(port=bus_proxy.port)} if bus and bus_proxy else None,
    )
    shared = galaxy, traffic, traffic.proxy(galaxy.port)
    run = Run(*shared, cluster.url(name), WORKERS)
    if bus and bus_proxy:
        return run, BusDisasters(*shared, cluster, proxy, bus=bus, bus_proxy=bus_proxy)
    return run, PostgresqlDisasters(*shared, cluster, proxy)


def on_sqlite(traffic: Traffic, start_galaxy: StartGalaxy) -> tuple[Run, Disasters]:
    """In the file that Galaxy itself writes."""
    galaxy = start_galaxy(server="gunicorn")
    file = galaxy.directory / "data" / "universe.sqlite"
    shared = galaxy, traffic, traffic.proxy(galaxy.port)
    return Run(*shared, f"sqlite:///{file}", workers=1), SqliteDisasters(*shared, file)
