"""A Galaxy that is reloaded and ended in the middle of traffic: everybody is told, nothing is lost, all come back."""

from __future__ import annotations

import os
import signal

from tests.ending import at_the_first_try
from tests.faults.disasters import SqliteDisasters
from tests.faults.run import CHANGERS, READERS, SENDERS, Run
from tests.faults.traffic import Traffic
from tests.faults.workers import workers
from tests.galaxy_server import StartGalaxy

pytestmark = at_the_first_try

EVERYBODY = SENDERS + CHANGERS + READERS


def test_a_process_that_ends_says_so_first(start_galaxy: StartGalaxy) -> None:
    galaxy = start_galaxy(server="gunicorn")
    file = galaxy.directory / "data" / "universe.sqlite"
    with Traffic("graceful life") as traffic:
        shared = galaxy, traffic, traffic.proxy(galaxy.port)
        run = Run(*shared, f"sqlite:///{file}", workers=1)
        run.meet()
        told = traffic.counts.closed
        before = workers(galaxy)

        os.kill(galaxy.pid, signal.SIGHUP)
        traffic.wait_until("everybody is told to come back", lambda: told["overloaded"] == EVERYBODY)
        traffic.wait_until("the worker is another one", lambda: len(now := workers(galaxy)) == 1 and now != before)
        # Nothing else ends connections here.
        traffic.wait_until("all are back", lambda: traffic.counts.connections - told.total() == EVERYBODY)
        traffic.wait_until_served()

        galaxy.stop()
        assert "connections were told to come back" in galaxy.log_tail(200)
        galaxy.start_and_wait()
        traffic.wait_until_served()
        assert told == {"overloaded": 2 * EVERYBODY}

        verdict = run.end(SqliteDisasters(*shared, file))
        assert verdict.good, str(verdict)
        galaxy.stop()  # while its clients still hear that it ends
