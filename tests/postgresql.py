"""A throw-away PostgreSQL server that a test may stop, crash and start again."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import NullPool, create_engine, text

from galaxy_communication.galaxy_process import HOST, end_with_parent, free_port

DEADLINE_SECONDS = 60.0

#: How PostgreSQL itself calls them. Neither waits for clients; "immediate" does not clean up, as in a crash.
Shutdown = Literal["fast", "immediate"]
SIGNALS: dict[Shutdown, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


class PostgresqlCluster:
    """Keeps port, password and data through any number of starts. Lives in the folder it is given.

    Like a Galaxy, it ends together with the thread that started it.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        """
        :param folder: one that ``postgres`` can reach, as PostgreSQL refuses to run as root.
        """
        self.port = free_port()
        self._programs = programs
        self._folder = folder
        self._password = secrets.token_hex(16)
        self._user = "postgres" if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "", *, port: int | None = None) -> str:
        """
        :param port: of a proxy, for those who are to come through one.
        """
        address = f"postgresql://postgres:{self._password}@{HOST}:{port or self.port}"
        return f"{address}/{database}" if database else address

    def create(self) -> None:
        if self._user:
            shutil.chown(self._folder, self._user, pwd.getpwnam(self._user).pw_gid)
        (self._folder / "password").write_text(self._password)
        login = ["--username=postgres", "--pwfile=password", "--auth=scram-sha-256"]
        if self._run("initdb", "--pgdata=data", "--encoding=UTF8", *login).wait(DEADLINE_SECONDS):
            pytest.fail(self._log())

    def start(self) -> None:
        """Returns when it answers; after a crash it recovers first."""
        settings = [
            f"listen_addresses={HOST}",
            f"unix_socket_directories={self._folder}",
            "max_connections=200",
            "fsync=on",
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        self._server = self._run("postgres", "-D", "data", "-p", str(self.port), *options)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while self._run("pg_isready", "-q", "-h", HOST, "-p", str(self.port)).wait(DEADLINE_SECONDS):
            if self._server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL does not start:\n{self._log()[-4000:]}")
            time.sleep(0.1)

    def stop(self, how: Shutdown = "fast") -> None:
        server, self._server = self._server, None
        if server is not None:
            server.send_signal(SIGNALS[how])
            server.wait(DEADLINE_SECONDS)

    def create_database(self) -> str:
        """The name of one more empty database."""
        name = f"test_{secrets.token_hex(4)}"
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return name

    def _log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "PGPASSWORD": self._password,
            "HOME": str(self._folder),
        }
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / program), *arguments],
                cwd=self._folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                preexec_fn=end_with_parent,
            )


@contextmanager
def running_cluster(programs: Path) -> Iterator[PostgresqlCluster]:
    """A new one, gone without a trace afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="communication-postgresql-"))
    try:
        cluster = PostgresqlCluster(programs, folder)
        cluster.create()
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
