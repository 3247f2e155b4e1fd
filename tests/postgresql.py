"""A throw-away PostgreSQL server that a test may stop, crash, pause and start again."""

from __future__ import annotations

import secrets
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import NullPool, create_engine, text

from galaxy_communication.galaxy_process import HOST
from tests.daemon import DEADLINE_SECONDS, Daemon, running


class PostgresqlCluster(Daemon):
    name: ClassVar[str] = "PostgreSQL"
    account: ClassVar[str] = "postgres"
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # what PostgreSQL calls "fast"

    def __init__(self, programs: Path, folder: Path) -> None:
        super().__init__(folder)
        self._programs = programs

    def url(self, database: str = "", *, port: int | None = None) -> str:
        """
        :param port: of a proxy, for those who are to come through one.
        """
        address = f"postgresql://postgres:{self._password}@{HOST}:{port or self.port}"
        return f"{address}/{database}" if database else address

    def create(self) -> None:
        (self.folder / "password").write_text(self._password)
        login = ["--username=postgres", "--pwfile=password", "--auth=scram-sha-256"]
        if self._program("initdb", "--pgdata=data", "--encoding=UTF8", *login).wait(DEADLINE_SECONDS):
            pytest.fail(self._log())

    def create_database(self) -> str:
        """The name of one more empty database."""
        name = f"test_{secrets.token_hex(4)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return name

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = [
            f"listen_addresses={HOST}",
            f"unix_socket_directories={self.folder}",
            "max_connections=200",
            "fsync=on",
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        return self._program("postgres", "-D", "data", "-p", str(self.port), *options)

    def _answers(self) -> bool:
        return self._program("pg_isready", "-q", "-h", HOST, "-p", str(self.port)).wait(DEADLINE_SECONDS) == 0

    def _program(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        return self._run(self._programs / name, *arguments, PGPASSWORD=self._password)


@contextmanager
def running_cluster(programs: Path) -> Iterator[PostgresqlCluster]:
    """A new one, gone without a trace afterwards."""
    with running(lambda folder: PostgresqlCluster(programs, folder)) as cluster:
        yield cluster
