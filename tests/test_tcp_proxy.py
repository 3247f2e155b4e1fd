"""The proxy of the fault test: what it passes on, and that what it cuts is cut for both sides."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from galaxy_communication.galaxy_process import HOST, free_port
from tests.tcp_proxy import Direction, TcpProxy

DEADLINE_SECONDS = 10
#: For something that must not come.
HELD_SECONDS = 0.2


class Echo:
    """A server that says what it hears."""

    def __init__(self) -> None:
        self.port = free_port()
        self.heard = b""
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1000):
                self.heard += data
                writer.write(data)
        writer.close()
        self.ended.set()


async def talk(port: int, talked: asyncio.Event) -> tuple[bytes, bytes]:
    """Keep talking until the connection ends; what was said, and what came back."""
    reader, writer = await asyncio.open_connection(HOST, port)
    said = back = b""
    with suppress(OSError):
        while True:
            line = b"%d " % len(said)
            writer.write(line)
            said += line
            if not (answer := await reader.read(1000)):
                break
            back += answer
            if len(back) > 1000:
                talked.set()
    writer.close()
    return said, back


@pytest.mark.parametrize("seed", range(10))
def test_a_cut_connection_has_passed_on_the_beginning_of_what_was_said(seed: int) -> None:
    async def run() -> None:
        echo = Echo()
        proxy = TcpProxy(echo.port, random.Random(seed))
        server = await asyncio.start_server(echo.serve, HOST, echo.port)
        await proxy.start()
        talked = asyncio.Event()
        talking = asyncio.ensure_future(talk(proxy.port, talked))
        await asyncio.wait_for(talked.wait(), DEADLINE_SECONDS)
        assert not talking.done()
        proxy.cut_some()
        said, back = await asyncio.wait_for(talking, DEADLINE_SECONDS)
        await proxy.stop()
        server.close()
        await asyncio.wait_for(echo.ended.wait(), DEADLINE_SECONDS)
        assert proxy.cuts == 1
        assert said.startswith(echo.heard)
        assert echo.heard.startswith(back)

    asyncio.run(asyncio.wait_for(run(), 3 * DEADLINE_SECONDS))


@pytest.mark.parametrize("direction", ["there", "back"])
def test_what_a_partition_holds_back_comes_after_it(direction: Direction) -> None:
    async def run() -> None:
        echo = Echo()
        proxy = TcpProxy(echo.port, random.Random(0))
        server = await asyncio.start_server(echo.serve, HOST, echo.port)
        await proxy.start()
        reader, writer = await asyncio.open_connection(HOST, proxy.port)
        writer.write(b"1")
        assert await asyncio.wait_for(reader.read(9), DEADLINE_SECONDS) == b"1"
        proxy.block(direction)
        writer.write(b"2")
        answer = asyncio.ensure_future(reader.read(9))
        done, _ = await asyncio.wait({answer}, timeout=HELD_SECONDS)
        assert (done, echo.heard) == (set(), b"1" if direction == "there" else b"12")
        proxy.unblock()
        assert await asyncio.wait_for(answer, DEADLINE_SECONDS) == b"2"
        writer.close()
        await proxy.stop()
        server.close()

    asyncio.run(asyncio.wait_for(run(), 3 * DEADLINE_SECONDS))


def test_with_nobody_behind_it_there_is_nobody() -> None:
    async def run() -> None:
        proxy = TcpProxy(free_port(), random.Random(0))
        await proxy.start()
        assert await asyncio.wait_for(talk(proxy.port, asyncio.Event()), DEADLINE_SECONDS) == (b"0 ", b"")
        await proxy.stop()

    asyncio.run(run())
