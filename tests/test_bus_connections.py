"""What becomes of the message bus when its connections break off, or die without a word."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from galaxy_communication import bus
from galaxy_communication.config import Settings
from galaxy_communication.database import Database
from galaxy_communication.transports import PostgresqlManager, make_bus
from tests.people import DEADLINE_SECONDS
from tests.tcp_proxy import TcpProxy

HOST = "127.0.0.1"


class Listener:
    """Collects what it hears, and which connections it has had."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drivers: list[Any] = []
        self._heard: set[str] = set()
        self._manager = PostgresqlManager(database, "listening")
        connect = self._manager._connect

        def recorded() -> tuple[Any, Any]:
            fairy, driver = connect()
            self.drivers.append(driver)
            return fairy, driver

        monkeypatch.setattr(self._manager, "_connect", recorded)

    async def run(self) -> None:
        async for said in self._manager._listen():
            self._heard.add(said)

    async def hears(self, word: str) -> None:
        while word not in self._heard:
            await self._manager._publish(word)
            await asyncio.sleep(0.05)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())
    writer.close()


async def answer(client: socket.socket, port: int) -> bytes:
    await asyncio.get_running_loop().sock_connect(client, (HOST, port))
    reader, writer = await asyncio.open_connection(sock=client)
    writer.write(b"hello\n")
    try:
        return await reader.readline()
    finally:
        writer.close()


def end_listeners(session: Session) -> None:
    session.execute(
        text(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query ~ '^LISTEN'"
        )
    )


def test_other_connections_go_on(make_postgresql_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq closes its socket by itself, and the next connection that the process accepts has its number."""
    database = Database(make_postgresql_database())
    clients = [socket.socket() for _ in range(4)]
    for client in clients:
        client.setblocking(False)

    async def run() -> list[bytes]:
        listener = Listener(database, monkeypatch)
        listening = asyncio.create_task(listener.run())
        await listener.hears("before")
        server = await asyncio.start_server(echo, HOST)
        port = server.sockets[0].getsockname()[1]
        while not listener.drivers[0].closed:
            await database.write(end_listeners)
        answers = await asyncio.gather(*(answer(client, port) for client in clients))
        await listener.hears("after")
        assert len(listener.drivers) > 1
        listening.cancel()
        server.close()
        return answers

    async def in_time() -> list[bytes]:
        return await asyncio.wait_for(run(), DEADLINE_SECONDS)

    assert asyncio.run(in_time()) == [b"hello\n"] * len(clients)
    database.close()


@pytest.mark.parametrize("engine", ["redis", "rabbitmq"])
def test_connections_that_are_open_and_dead_are_replaced(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a proxy leaves them, or a host that is gone: the engines' clients would wait for ever."""
    monkeypatch.setattr(bus, "BEAT_SECONDS", 0.2)
    monkeypatch.setattr(bus, "SILENCE_SECONDS", 2.0)
    server = request.getfixturevalue(f"{engine}_server")
    database = Database(f"sqlite:///{tmp_path}/chat.sqlite")

    async def run() -> None:
        proxy = TcpProxy(server.port, random.Random(0))
        await proxy.start()
        settings = Settings(communication_message_bus=server.url(port=proxy.port))
        here, there = (make_bus(settings, database, None, "secret") for _ in range(2))
        heard = asyncio.Event()
        there.on("word", lambda _worker: heard.set())

        async def hears() -> None:
            while not heard.is_set():
                here.say("word")
                await asyncio.sleep(0.05)
            heard.clear()

        here.start()
        there.start()
        await hears()
        assert here.lost == there.lost == 0
        proxy.swallow()
        while not (here.lost and there.lost):
            here.say("into the void")
            await asyncio.sleep(0.05)
        heard.clear()
        await hears()
        while not (here.is_working and there.is_working):
            await hears()
        await asyncio.gather(here.stop(), there.stop())
        await proxy.stop()

    asyncio.run(asyncio.wait_for(run(), DEADLINE_SECONDS))
    database.close()
