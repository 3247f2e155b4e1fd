"""One Socket.IO connection by python-socketio's client, made to end for sure and to say when it has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

import socketio

from tests.people import NAMESPACE

CONNECT_SECONDS = 15.0
PATH = "communication/socket.io"

Json = dict[str, Any]


class Broken(Exception):
    """There is no connection, or not any longer."""


class Refused(Exception):
    """The server answered, with an error."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: str = error["code"]
        self.retry_after: float = error.get("retry_after") or 1.0


async def first_of(*futures: asyncio.Future[Any], timeout: float | None = None) -> None:
    """Returns when one of them is done, or the time is over."""
    await asyncio.wait(set(futures), timeout=timeout, return_when=asyncio.FIRST_COMPLETED)


class Connection:
    """For one use with ``async with``, which raises `Broken` or `Refused` where it cannot be made.

    python-socketio's client misses an end that comes before it is through with connecting, so this asks the layer
    below, whose reading task ends with the connection, always.
    """

    def __init__(self, url: str, api_key: str, heard: Callable[[str, Json], None]) -> None:
        """
        :param heard: gets every event from the server, in order; must not raise.
        """
        self._url = url
        self._api_key = api_key
        self._heard = heard
        self._client = socketio.AsyncClient(reconnection=False, handle_sigint=False)
        self._client.on("*", self._hear, namespace=NAMESPACE)
        self._client.on("connect_error", self._refuse, namespace=NAMESPACE)
        self._ready: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Connection:
        try:
            try:
                connecting = self._client.connect(
                    self._url,
                    auth={"api_key": self._api_key},
                    transports=["websocket"],
                    namespaces=[NAMESPACE],
                    socketio_path=PATH,
                    wait=False,
                )
                await asyncio.wait_for(connecting, CONNECT_SECONDS)
            except Exception as error:  # of many kinds, when a connection is cut in the middle of a handshake
                raise Broken(f"{type(error).__name__}: {error}") from error
            self._client.eio.read_loop_task.add_done_callback(self._end)
            await first_of(self._ready, self.ended, timeout=CONNECT_SECONDS)
            if not self._ready.done():
                raise Broken("ended before it was ready" if self.ended.done() else "the server was never ready")
            self._ready.result()  # or the refusal
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def call(self, event: str, payload: Json) -> asyncio.Future[Json]:
        """Send an event. The future has its ack, unless `ended` is done first, and then it never will."""
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()

        def acknowledge(ack: Json) -> None:
            if not answer.done():
                answer.set_result(ack)

        with suppress(socketio.exceptions.BadNamespaceError):  # it has ended
            await self._client.emit(event, payload, namespace=NAMESPACE, callback=acknowledge)
        return answer

    async def ask(self, event: str, payload: Json, timeout: float) -> Json:
        """Send an event and wait for its ack. Raises `Broken` or `Refused`."""
        answer = await self.call(event, payload)
        await first_of(answer, self.ended, timeout=timeout)
        if not answer.done():
            raise Broken("ended" if self.ended.done() else f"no ack for {event} within {timeout} s")
        ack = answer.result()
        if not ack["ok"]:
            raise Refused(ack["error"])
        return ack

    async def _close(self) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._client.disconnect(), CONNECT_SECONDS)
        if http := self._client.eio.http:  # left open where connecting failed
            await http.close()
        if self._ready.done() and not self._ready.cancelled():
            self._ready.exception()  # seen
        self._end()

    def _hear(self, event: str, payload: Json) -> None:
        if event == "ready" and not self._ready.done():
            self._ready.set_result(payload)
        self._heard(event, payload)

    def _refuse(self, said: Any = None) -> None:
        """
        :param said: holds the contract's error, except where the transport failed.
        """
        if not self._ready.done() and isinstance(said, dict) and "data" in said:
            self._ready.set_exception(Refused(said["data"]["error"]))

    def _end(self, _reading: object = None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)
