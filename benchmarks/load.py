"""Many connections to a chat, made so that they cost less than what the server does for them.

Socket.IO spelled out over a WebSocket whose frames are looked through for what counts and not parsed.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from struct import pack, unpack

from galaxy_communication.galaxy_process import HOST

HANDSHAKE = (
    "GET /communication/socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
#: Zeros, so that what is said need not be changed for it.
MASK = bytes(4)
CREATED = b"message.created"
#: When a message was sent, in nanoseconds of the monotonic clock, is said in its text.
SENT_AT = re.compile(rb"@(\d+)@")
ACK = re.compile(rb"43/chat,(\d+)")
READY_SECONDS = 60.0


class Line(asyncio.Protocol):
    """One connection. `open_line` makes one that is ready."""

    def __init__(self, port: int, api_key: str) -> None:
        loop = asyncio.get_running_loop()
        self.ready: asyncio.Future[dict[str, object]] = loop.create_future()
        self.created = 0
        """Messages that it was told of."""
        self.delays: list[float] | None = None
        """Milliseconds from the sending of a message until it was heard of here, where they are wanted."""
        self.local_port = 0
        self._api_key = api_key
        self._port = port
        self._buffer = bytearray()
        self._handshaken = False
        self._answers: dict[int, Callable[[bytes], None]] = {}
        self._calls = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self.local_port = transport.get_extra_info("sockname")[1]
        transport.write(HANDSHAKE.format(host=HOST, port=self._port).encode())

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(exc or ConnectionError("ended before it was ready"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self._handshaken:
            head, end, rest = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert b" 101 " in head, head
            self._buffer, self._handshaken = rest, True
        while (frame := self._frame()) is not None:
            self._hear(*frame)

    def call(self, event: str, payload: dict[str, object], answered: Callable[[bytes], None]) -> None:
        self._calls += 1
        self._answers[self._calls] = answered
        self._say(TEXT, f"42/chat,{self._calls}{json.dumps([event, payload])}".encode())

    def close(self) -> None:
        self._transport.abort()

    def _frame(self) -> tuple[int, bytes] | None:
        """The next that is complete."""
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        size, begin = buffer[1], 2
        if size >= 126:
            begin = 4 if size == 126 else 10
            if len(buffer) < begin:
                return None
            (size,) = unpack(">H" if size == 126 else ">Q", buffer[2:begin])
        if len(buffer) < begin + size:
            return None
        frame = buffer[0] & 15, bytes(buffer[begin : begin + size])
        del buffer[: begin + size]
        return frame

    def _hear(self, kind: int, said: bytes) -> None:
        if kind == PING:
            self._say(PONG, said)
        elif said.startswith(b'42/chat,["room.events"'):
            self.created += said.count(CREATED)
            if self.delays is not None:
                now = time.monotonic_ns()
                self.delays += [(now - int(sent)) / 1e6 for sent in SENT_AT.findall(said)]
        elif acked := ACK.match(said):
            self._answers.pop(int(acked[1]))(said)
        elif said == b"2":
            self._say(TEXT, b"3")
        elif said.startswith(b"0{"):
            self._say(TEXT, f"40/chat,{json.dumps({'api_key': self._api_key})}".encode())
        elif said.startswith(b'42/chat,["ready"'):
            self.ready.set_result(json.loads(said[8:])[1])
        elif said.startswith(b"44") and not self.ready.done():
            self.ready.set_exception(ConnectionError(said.decode()))

    def _say(self, kind: int, said: bytes) -> None:
        size = len(said)
        length = bytes([128 | size]) if size < 126 else bytes([128 | 126]) + pack(">H", size)
        self._transport.write(bytes([128 | kind]) + length + MASK + said)


async def open_line(port: int, api_key: str) -> Line:
    _, line = await asyncio.get_running_loop().create_connection(lambda: Line(port, api_key), HOST, port)
    await asyncio.wait_for(asyncio.shield(line.ready), READY_SECONDS)
    return line
