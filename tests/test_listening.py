"""Listening to PostgreSQL from the event loop, when its connection breaks off."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from galaxy_communication.database import Database
from galaxy_communication.transports import PostgresqlManager
from tests.people import DEADLINE_SECONDS

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
        await database.write(end_listeners)
        while not listener.drivers[0].closed:
            await asyncio.sleep(0)
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
