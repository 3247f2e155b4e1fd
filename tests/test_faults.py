"""Nothing that was acked is lost or doubled, and everybody sees one order, whatever happens to the connections, to
Galaxy and to its database.

A short run is part of the suite. ``tox -e faults`` does everything, on both databases:

    FAULTS_SECONDS    how long faults go on, for each database; every kind comes at least once
    FAULTS_SEED       the seed that a run has printed, for the same faults again
"""

from __future__ import annotations

import os
import secrets

import pytest

from tests.faults.disasters import Disasters, PostgresqlDisasters, SqliteDisasters
from tests.faults.run import Run
from tests.faults.traffic import Traffic
from tests.galaxy_server import StartGalaxy
from tests.postgresql import PostgresqlCluster

SECONDS = float(os.environ.get("FAULTS_SECONDS") or 0)
SEED = os.environ.get("FAULTS_SEED") or secrets.token_hex(4)
DATABASES = ("PostgreSQL", "SQLite") if SECONDS else ("PostgreSQL",)


@pytest.mark.parametrize("database", DATABASES)
def test_nothing_is_lost(
    database: str, start_galaxy: StartGalaxy, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\n{database}, FAULTS_SEED={SEED}")
    with Traffic(f"{database} {SEED}") as traffic:
        if database == "PostgreSQL":
            run, disasters = on_postgresql(traffic, start_galaxy, request.getfixturevalue("postgresql_cluster"))
        else:
            run, disasters = on_sqlite(traffic, start_galaxy)
        run.faults(disasters, disasters.short + (disasters.long if SECONDS else []), SECONDS)
        verdict = run.end(disasters.outages)
        with capsys.disabled():
            print(f"\n{run.table(database, verdict)}")
        disasters.galaxy.stop()  # while its database can still be reached
    assert verdict.good, str(verdict)


def on_postgresql(traffic: Traffic, start_galaxy: StartGalaxy, cluster: PostgresqlCluster) -> tuple[Run, Disasters]:
    proxy = traffic.proxy(cluster.port)
    name = cluster.create_database()
    galaxy = start_galaxy(server="gunicorn", database=cluster.url(name, port=proxy.port))
    shared = galaxy, traffic, traffic.proxy(galaxy.port)
    return Run(*shared, cluster.url(name)), PostgresqlDisasters(*shared, cluster, proxy)


def on_sqlite(traffic: Traffic, start_galaxy: StartGalaxy) -> tuple[Run, Disasters]:
    """In the file that Galaxy itself writes."""
    galaxy = start_galaxy(server="gunicorn")
    file = galaxy.directory / "data" / "universe.sqlite"
    shared = galaxy, traffic, traffic.proxy(galaxy.port)
    return Run(*shared, f"sqlite:///{file}"), SqliteDisasters(*shared, file)
