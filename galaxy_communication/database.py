"""Our own engine, our own bounded threads, and the schema's upgrade: chat can never starve Galaxy's database access."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, exc, make_url
from sqlalchemy.orm import Session

from . import migrations
from .errors import Overloaded
from .log_lines import in_short

log = logging.getLogger(__name__)

T = TypeVar("T")
R = TypeVar("R")

#: Threads for SQL, and so the most connections that chat holds at once, but for the writer's.
THREADS = 4
POOL: dict[str, Any] = {"pool_size": THREADS + 1, "max_overflow": 0, "pool_timeout": 5}
#: Errors of the database go to the log, and a statement's parameters are messages.
QUIET: dict[str, Any] = {"hide_parameters": True}
#: libpq's own settings: a server that is gone, its network cable included, is noticed in seconds.
POSTGRESQL = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
#: What the driver or the pool raises when the database is locked, restarting or gone; not a mistake of ours.
UNAVAILABLE = (exc.OperationalError, exc.InterfaceError, exc.TimeoutError)


def make_engine(url: str) -> Engine:
    """An engine on which ``write=True`` in the execution options begins a transaction that may write, all others being
    a consistent snapshot."""
    return _sqlite_engine(url) if make_url(url).get_backend_name() == "sqlite" else _postgresql_engine(make_url(url))


def _sqlite_engine(url: str) -> Engine:
    """SQLite's driver would begin lazily and only before some statements; we say BEGIN ourselves, IMMEDIATE for
    writers, so that a transaction has the write lock from its first statement or never asks for it."""
    # Connections are kept: each new one would first read the schema of all of Galaxy's tables, for milliseconds.
    engine = create_engine(url, poolclass=QueuePool, **POOL, **QUIET, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _may_write(connection) else "BEGIN DEFERRED")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    uses_libpq = url.get_driver_name() in ("psycopg2", "psycopg")
    settings = {name: value for name, value in POSTGRESQL.items() if uses_libpq and name not in url.query}
    engine = create_engine(
        url,
        **POOL,
        **QUIET,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        connect_args=settings,
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if _may_write(connection):
            connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")

    return engine


@contextmanager
def _free_to_rebuild(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, and would remove, with the old one, what refers to it. It can be told
    not to only outside of transactions."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _may_write(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get("write"))


class Database:
    """Connects to nothing before it is used; closed when Galaxy shuts down. Safe in all threads."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        # A writer has to see what was committed while it waited for its rooms' lock.
        isolation = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "READ COMMITTED"}
        self._writing = self.engine.execution_options(write=True, **isolation)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="communication-sql")

    def upgrade(self, *, allowed: bool, then: Callable[[Session], None]) -> None:
        """Bring the schema up to date and run ``then``, in one transaction, one process at a time.

        :param allowed: Galaxy's ``database_auto_migrate``: whether an older schema may be changed. An empty one is
            always filled, as Galaxy fills its own.
        :raises migrations.SchemaError: the schema is not the one this release works with.
        """
        with self._writing.connect() as connection, _free_to_rebuild(connection), connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('galaxy_communication'))")
            migrations.upgrade(connection, allowed=allowed)
            with Session(connection) as session:
                then(session)
                session.flush()

    def read_now(self, operation: Callable[[Session], T]) -> T:
        """Run ``operation`` in a transaction of its own, here. Raises what the driver raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return operation(session)

    def write_now(self, operation: Callable[[Session], T]) -> T:
        with Session(self._writing, expire_on_commit=False) as session, session.begin():
            return operation(session)

    def write_elsewhere(self, operation: Callable[[Session], T]) -> T:
        """`write_now` in one of our threads, for a thread that is none of them: it waits."""
        return self._threads.submit(self.write_now, operation).result()

    async def read(self, operation: Callable[[Session], T]) -> T:
        """`read_now` in one of our threads. Raises `Overloaded` where the database does not answer."""
        return await self.in_thread(lambda: self.read_now(operation))

    async def read_then(self, operation: Callable[[Session], T], then: Callable[[T], R]) -> R:
        """`read`, and ``then`` with what it found, in the same thread after the transaction has ended.

        For what asks Galaxy's tables: a second connection inside a transaction would wait, on SQLite, for a writer
        of Galaxy's who waits for that very transaction.
        """
        return await self.in_thread(lambda: then(self.read_now(operation)))

    async def write(self, operation: Callable[[Session], T]) -> T:
        """`write_now` in one of our threads. May run ``operation`` twice: of two who make the same thing at once, the
        second one then finds what the first has made. Raises `Overloaded` where the database does not answer."""

        def attempt() -> T:
            try:
                return self.write_now(operation)
            except exc.IntegrityError:
                return self.write_now(operation)

        return await self.in_thread(attempt)

    async def in_thread(self, call: Callable[[], T]) -> T:
        """Also for what goes to Galaxy's own tables: our threads bound that, too."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, call)
        except UNAVAILABLE as error:
            log.warning("communication: the database did not answer: %s", in_short(error))
            raise Overloaded("The database is busy. Nothing was changed; try again.", retry_after=2) from error

    def in_turn(self, call: Callable[[], T]) -> T:
        """For a thread that is not one of ours: `call` is made in one of ours, as those of everybody else. Blocks."""
        return self._threads.submit(call).result()

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()
