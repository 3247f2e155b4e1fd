"""A throw-away server that a test may stop, crash, pause and start again."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, TypeVar

import psutil
import pytest

from galaxy_communication.galaxy_process import end_with_parent, free_port

DEADLINE_SECONDS = 60.0


class Daemon(ABC):
    """Keeps port, password and data through any number of starts. Lives in the folder it is given.

    Like a Galaxy, it ends together with the thread that started it.
    """

    name: ClassVar[str]
    account: ClassVar[str]
    """Made by Debian's package. For tests that are root's, as these servers refuse to be, or should."""
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.folder = folder
        self._password = secrets.token_hex(16)
        self._user = self.account if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        if self._user:
            shutil.chown(folder, self._user, pwd.getpwnam(self._user).pw_gid)

    @abstractmethod
    def create(self) -> None:
        """What it needs before its first start."""

    @abstractmethod
    def _launch(self) -> subprocess.Popen[bytes]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

    def start(self) -> None:
        """Returns when it answers; after a crash it recovers first."""
        self._server = self._launch()
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"{self.name} does not start:\n{self._log()[-4000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """In order, without waiting for clients."""
        server, self._server = self._server, None
        if server is not None:
            server.send_signal(self.stop_signal)
            server.wait(DEADLINE_SECONDS)

    def crash(self) -> None:
        """All its processes, at once: nothing is finished or cleaned up."""
        server, self._server = self._server, None
        if server is not None:
            killed = send_signal(psutil.Process(server.pid), signal.SIGKILL)
            server.wait(DEADLINE_SECONDS)
            psutil.wait_procs(killed, DEADLINE_SECONDS)

    @property
    def process(self) -> psutil.Process:
        """Of which the others, if there are any, are children."""
        assert self._server is not None
        return psutil.Process(self._server.pid)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Connections stand, and nobody answers."""
        server = self.process
        send_signal(server, signal.SIGSTOP)
        try:
            yield
        finally:
            send_signal(server, signal.SIGCONT)

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _run(self, *command: str | Path, **environment: str) -> subprocess.Popen[bytes]:
        inherited: Mapping[str, str] = {**os.environ, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command,
                cwd=self.folder,
                env={**inherited, **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                preexec_fn=end_with_parent,
            )


D = TypeVar("D", bound=Daemon)


@contextmanager
def running(make: Callable[[Path], D]) -> Iterator[D]:
    """A new one, gone without a trace afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="communication-daemon-"))
    try:
        daemon = make(folder)
        daemon.create()
        try:
            daemon.start()
            yield daemon
        finally:
            daemon.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def send_signal(server: psutil.Process, number: signal.Signals) -> list[psutil.Process]:
    """To it and all that it has started, of which some, as PostgreSQL's, are no longer in its process group."""
    if number != signal.SIGCONT:
        server.suspend()  # it starts no more of them
    processes = [*server.children(recursive=True), server]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    return processes
