"""The throw-away servers of the fault test: they crash and come back, and one that pauses does not answer."""

from __future__ import annotations

import socket

import pytest

from galaxy_communication.galaxy_process import HOST
from tests import rabbitmq
from tests.daemon import Daemon

#: What each answers at once when it hears it.
QUESTIONS = {
    "redis_server": b"PING\r\n",
    "rabbitmq_server": rabbitmq.HEADER,
    # Of a client that would like TLS; the answer is one letter.
    "postgresql_cluster": b"\x00\x00\x00\x08\x04\xd2\x16\x2f",
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_it_crashes_pauses_and_stops(name: str, request: pytest.FixtureRequest) -> None:
    server: Daemon = request.getfixturevalue(name)

    def connect() -> socket.socket:
        return socket.create_connection((HOST, server.port), 1)

    server.crash()
    with pytest.raises(ConnectionRefusedError):
        connect()
    server.start()
    with server.paused(), connect() as client:
        client.sendall(QUESTIONS[name])
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(10)
        waiting = client.dup()
    with waiting:
        assert waiting.recv(1), "what was asked in the meantime is answered afterwards"
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        connect()
