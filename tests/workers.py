"""Several processes of the chat, as far as one can be had in a thread: each with an event loop, a port, parts and
connections of its own, on one database. Galaxy itself is the double of `tests.galaxys_tables`."""

from __future__ import annotations

import asyncio
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager

import uvicorn
from sqlalchemy import create_engine

with warnings.catch_warnings():  # what Galaxy imports is not all of today
    warnings.simplefilter("ignore")
    from galaxy_communication import plugin

from galaxy_communication.galaxy_process import HOST, free_port
from tests.crowd import make_galaxy_users
from tests.galaxys_tables import GalaxyApp, create_galaxys_tables
from tests.in_process import application
from tests.people import DEADLINE_SECONDS, Person


class Worker:
    """Its rounds come only when a test calls for one: what it tells, it has heard."""

    def __init__(self, galaxy: GalaxyApp) -> None:
        app, self.chat, self.watch = application(galaxy)
        app.add_middleware(plugin.Outermost, routes=[], chat=self.chat)
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app, host=HOST, port=self.port, log_level="critical", ws="wsproto", timeout_graceful_shutdown=1
            )
        )

    def on_its_loop(self, call: Callable[[], object]) -> None:
        """Returns when it is done."""

        async def run() -> None:
            call()

        asyncio.run_coroutine_threadsafe(run(), self._loop()).result(DEADLINE_SECONDS)

    def _loop(self) -> asyncio.AbstractEventLoop:
        return self._server.servers[0].get_loop()

    @contextmanager
    def running(self) -> Iterator[Worker]:
        plugin._start(self.chat)
        assert self.chat.failure is None
        thread = threading.Thread(target=self._server.run, daemon=True)
        thread.start()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self._server.started:
            assert thread.is_alive()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        try:
            yield self
        finally:
            self._server.should_exit = True
            thread.join(DEADLINE_SECONDS)
            plugin._stop(self.chat)


class Workers:
    def __init__(self, galaxies: Sequence[GalaxyApp], stack: ExitStack) -> None:
        self.galaxy = galaxies[0]
        self.all = [stack.enter_context(Worker(galaxy).running()) for galaxy in galaxies]
        self._stack = stack
        self._cookies: dict[int, str] = {}

    def person(self, user_id: int, worker: int) -> Person:
        """A connection of this user's to that worker."""
        if user_id not in self._cookies:
            self._cookies |= self.galaxy.log_in([user_id])
        person = Person(self.all[worker].url).connect(cookie=self._cookies[user_id])
        self._stack.callback(person.close)
        return person

    def cookie(self, user_id: int) -> str:
        return self._cookies[user_id]


@contextmanager
def running_workers(database_url: str, people: int, *options: Mapping[str, object]) -> Iterator[Workers]:
    """On an empty database. Users have the numbers from 1; every tenth, from 9, has not switched chat on.

    :param options: of each worker's ``galaxy.yml``.
    """
    engine = create_engine(database_url)
    create_galaxys_tables(engine)
    make_galaxy_users(database_url, people)
    with ExitStack() as stack:
        yield Workers([GalaxyApp(engine, **of_one) for of_one in options], stack)
    engine.dispose()
