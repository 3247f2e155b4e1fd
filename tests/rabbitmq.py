"""A throw-away RabbitMQ. It takes some five seconds to start, nearly all of them Erlang's."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path
from typing import ClassVar

from galaxy_communication.galaxy_process import HOST, free_port
from tests.daemon import DEADLINE_SECONDS, Daemon

#: Not the program in the path, which wants to be root or RabbitMQ's own user.
PROGRAM = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
#: What a client says first, and how the server's first frame begins.
HEADER, METHOD = b"AMQP\x00\x00\x09\x01", b"\x01"


class RabbitMQ(Daemon):
    """With a name server of its own for Erlang's nodes, as the machine's may be another's and would outlive it."""

    name: ClassVar[str] = "RabbitMQ"
    account: ClassVar[str] = "rabbitmq"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._names_port, self._node_port = free_port(), free_port()
        self._names: subprocess.Popen[bytes] | None = None

    def url(self, *, port: int | None = None) -> str:
        """
        :param port: of a proxy, for those who are to come through one.
        """
        return f"amqp://chat:{self._password}@{HOST}:{port or self.port}/"

    def create(self) -> None:
        settings = {
            "listeners.tcp.1": f"{HOST}:{self.port}",
            "default_user": "chat",
            "default_pass": self._password,
            "disk_free_limit.absolute": "1MB",
            "log.console": "true",
            "log.file": "false",
        }
        lines = [f"{name} = {value}\n" for name, value in settings.items()]
        (self.folder / "rabbitmq.conf").write_text("".join(lines))
        (self.folder / "plugins").write_text("[].\n")

    def stop(self) -> None:
        super().stop()
        if self._names is not None:
            self._names.kill()
            self._names.wait(DEADLINE_SECONDS)
            self._names = None

    def _launch(self) -> subprocess.Popen[bytes]:
        names = {"ERL_EPMD_ADDRESS": HOST, "ERL_EPMD_PORT": str(self._names_port)}
        if self._names is None:
            self._names = self._run("epmd", **names)
        return self._run(
            PROGRAM,
            **names,
            RABBITMQ_NODENAME="chat@localhost",
            RABBITMQ_DIST_PORT=str(self._node_port),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}",
            RABBITMQ_CONFIG_FILE=str(self.folder / "rabbitmq.conf"),
            RABBITMQ_CONF_ENV_FILE=str(self.folder / "none"),
            RABBITMQ_ENABLED_PLUGINS_FILE=str(self.folder / "plugins"),
            RABBITMQ_MNESIA_BASE=str(self.folder / "data"),
            RABBITMQ_LOG_BASE=str(self.folder),
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), 1) as connection:
                connection.sendall(HEADER)
                return connection.recv(1) == METHOD
        except OSError:
            return False
