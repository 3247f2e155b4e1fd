"""A throw-away Redis."""

from __future__ import annotations

import socket
import subprocess
from typing import ClassVar

from galaxy_communication.galaxy_process import HOST
from tests.daemon import Daemon

PROGRAM = "redis-server"


class Redis(Daemon):
    name: ClassVar[str] = "Redis"
    account: ClassVar[str] = "redis"

    def url(self, *, port: int | None = None) -> str:
        """
        :param port: of a proxy, for those who are to come through one.
        """
        return f"redis://:{self._password}@{HOST}:{port or self.port}/0"

    def create(self) -> None:
        settings = f'bind {HOST}\nport {self.port}\nrequirepass {self._password}\nsave ""\n'
        (self.folder / "redis.conf").write_text(settings)

    def _launch(self) -> subprocess.Popen[bytes]:
        return self._run(PROGRAM, "redis.conf")

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), 1) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                return connection.makefile("rb").readlines(10)[-1] == b"+PONG\r\n"
        except OSError:
            return False
