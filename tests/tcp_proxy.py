"""A TCP proxy on the loopback interface that cuts and delays what passes it, as bad networks do."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from contextlib import suppress
from typing import Literal

from galaxy_communication.galaxy_process import HOST, free_port

CHUNK_BYTES = 2**16
#: SO_LINGER of zero seconds: the peer gets an RST at once, and what was not yet sent is gone.
RESET = struct.pack("ii", 1, 0)

#: To the server, or to the client.
Direction = Literal["there", "back"]


class TcpProxy:
    """Lives on the event loop that started it. Its port stays the same whether or not anything listens behind it."""

    def __init__(self, upstream: int, rng: random.Random) -> None:
        """
        :param upstream: the port to which it passes everything on.
        """
        self.port = free_port()
        self.cuts = 0
        self.peaceful = False
        """Whether `disturb` takes a rest."""
        self._upstream = upstream
        self._rng = rng
        self._open: dict[Direction, asyncio.Event] = {"there": asyncio.Event(), "back": asyncio.Event()}
        self.unblock()
        self._pairs: dict[_Pair, None] = {}  # a set has no order, and a seed is to mean the same each time
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, HOST, self.port)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        self.unblock()
        for pair in self._pairs:
            pair.cut()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def block(self, *directions: Direction) -> None:
        """Until `unblock` nothing comes through in these, not even an end; it is not lost, as TCP sends it again."""
        for direction in directions:
            self._open[direction].clear()

    def unblock(self) -> None:
        for opened in self._open.values():
            opened.set()

    def swallow(self) -> None:
        """The connections that are there stay open on both sides, and nothing comes through any more."""
        for pair in self._pairs:
            pair.swallow()

    def upstream_ports(self) -> set[int]:
        """What its connections to the server come from."""
        return {pair.upstream_port for pair in self._pairs if not pair.ending}

    def cut_all(self) -> None:
        for pair in self._pairs:
            self.cuts += not pair.ending
            pair.cut()

    def cut_some(self) -> None:
        """Some connections, each in one of the ways in which connections end; at least one if there are any."""
        pairs = [pair for pair in self._pairs if not pair.ending]
        for pair in self._rng.sample(pairs, self._rng.randint(1, max(1, len(pairs) // 3))) if pairs else ():
            self.cuts += 1
            self._rng.choice((pair.cut, pair.cut_in_next_chunk, pair.lose_answers))()

    async def disturb(self, mean_seconds: float) -> None:
        """Cut some connections again and again, and now and then all of them, until cancelled."""
        while True:
            await asyncio.sleep(self._rng.expovariate(1 / mean_seconds))
            if self.peaceful:
                continue
            if self._rng.random() < 0.1:
                self.cut_all()
            else:
                self.cut_some()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await self._open["there"].wait()
        try:
            upstream_reader, upstream_writer = await asyncio.open_connection(HOST, self._upstream)
        except OSError:  # nobody there: the client is told as if there were no proxy
            _reset(writer)
            return
        pair = _Pair(writer, upstream_writer, self._rng)
        self._pairs[pair] = None
        try:
            await asyncio.gather(
                pair.pump(reader, upstream_writer, self._open["there"]),
                pair.pump(upstream_reader, writer, self._open["back"]),
            )
        finally:
            del self._pairs[pair]
            pair.close()


class _Pair:
    """A client's connection and the one to the server that goes with it."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter, rng: random.Random) -> None:
        self.ending = False
        self.upstream_port: int = server.get_extra_info("sockname")[1]
        self._writers = (client, server)
        self._rng = rng
        self._doomed = False
        self._deaf = self._dead = False

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, opened: asyncio.Event) -> None:
        """Until one side ends; then the other side does, too."""
        answers = writer is self._writers[0]
        with suppress(OSError):
            while data := await reader.read(CHUNK_BYTES):
                await opened.wait()
                if self._dead:
                    continue
                if self._deaf and answers:
                    await asyncio.sleep(self._rng.uniform(0.05, 1))
                    self.cut()
                elif self._doomed:
                    writer.write(data[: self._rng.randrange(len(data))])
                    self.cut()
                else:
                    writer.write(data)
                    await writer.drain()
        await opened.wait()
        self.close()

    def cut(self) -> None:
        """Both sides see a reset connection; bytes on the way are lost."""
        self.ending = True
        for writer in self._writers:
            _reset(writer)

    def cut_in_next_chunk(self) -> None:
        """Of what comes next in either direction only a part arrives: half a frame."""
        self.ending = self._doomed = True

    def lose_answers(self) -> None:
        """What the server says next never arrives, while it still hears the client, for a moment."""
        self.ending = self._deaf = True

    def swallow(self) -> None:
        self._dead = True

    def close(self) -> None:
        self.ending = True
        for writer in self._writers:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    if not writer.is_closing():
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        writer.transport.abort()
