"""All clients and proxies of a run, on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from contextlib import contextmanager
from types import TracebackType
from typing import Any, TypeVar

from tests.tcp_proxy import Direction, TcpProxy

from .client import Client
from .counts import Counts
from .reader import Reader
from .sender import Sender

T = TypeVar("T")

#: For anything that a server which is up should have done long before.
PATIENCE_SECONDS = 90.0
#: Who hears whom no longer.
PARTITIONS: tuple[tuple[Direction, ...], ...] = (("there",), ("back",), ("there", "back"))


class Stuck(Exception):
    """A run that does not come on: what it waited for, and how things stand."""


class Traffic:
    """For ``with``. Its methods are for the test's thread; `call` takes other things to the loop."""

    def __init__(self, seed: str) -> None:
        self.rng = random.Random(seed)
        self.counts = Counts()
        self.senders: list[Sender] = []
        self.readers: list[Reader] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-clients", daemon=True)
        self._proxies: list[TcpProxy] = []
        self._clients: set[asyncio.Task[None]] = set()
        self._failures: list[str] = []

    def __enter__(self) -> Traffic:
        self._loop.set_exception_handler(lambda _, context: self._failures.append(str(context)))
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    def call(self, coroutine: Coroutine[Any, Any, T]) -> T:
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(PATIENCE_SECONDS)
        except FutureTimeout as error:
            raise Stuck("the clients' event loop does not answer") from error

    def _do(self, action: Callable[..., None], *arguments: object) -> None:
        async def do() -> None:
            action(*arguments)

        self.call(do())

    def fork_rng(self) -> random.Random:
        """One for each actor: how fast one of them is does not change what the others do."""
        return random.Random(self.rng.random())

    def proxy(self, upstream: int) -> TcpProxy:
        proxy = TcpProxy(upstream, self.fork_rng())
        self.call(proxy.start())
        self._proxies.append(proxy)
        return proxy

    def start(self, senders: list[Sender], readers: list[Reader]) -> None:
        self.senders, self.readers = senders, readers

        async def start() -> None:
            for client in (*senders, *readers):
                task = asyncio.ensure_future(self._run(client))
                self._clients.add(task)

        self.call(start())

    @contextmanager
    def disturbed(self, proxy: TcpProxy, mean_seconds: float) -> Iterator[None]:
        """While connections through ``proxy`` are cut at random."""

        async def start() -> asyncio.Task[None]:
            return asyncio.ensure_future(proxy.disturb(mean_seconds))

        async def stop() -> None:
            task.cancel()
            await asyncio.wait({task})

        task = self.call(start())
        try:
            yield
        finally:
            self.call(stop())

    def disturb_once(self, proxy: TcpProxy) -> None:
        self._do(proxy.cut_some)

    @contextmanager
    def partitioned(self, proxy: TcpProxy, rng: random.Random) -> Iterator[None]:
        """While nothing comes through ``proxy`` in one direction, or in both."""
        with self._blocked(proxy, *rng.choice(PARTITIONS)):
            yield

    @contextmanager
    def swallowed(self, proxy: TcpProxy) -> Iterator[None]:
        """While all is lost that is given to ``proxy``, of which those who give it hear only afterwards."""
        with self._blocked(proxy, "there", "back"):
            try:
                yield
            finally:
                self._do(proxy.cut_all)

    def let_die(self, proxy: TcpProxy) -> None:
        """Of the connections through ``proxy`` nothing is heard any more, on either side."""
        self._do(proxy.swallow)

    @contextmanager
    def _blocked(self, proxy: TcpProxy, *directions: Direction) -> Iterator[None]:
        self._do(proxy.block, *directions)
        try:
            yield
        finally:
            self._do(proxy.unblock)

    def stop_sending(self) -> None:
        """Senders compose no more, and send what they have left."""
        for sender in self.senders:
            sender.stopping = True

    def all_acked(self) -> bool:
        return all(sender.finished for sender in self.senders)

    def drain(self, head_seqs: Callable[[], Mapping[str, int]]) -> None:
        """The end: readers come to the newest change by themselves.

        :param head_seqs: the number of each room's newest change, by the room's encoded id.
        """
        self.wait_until("all is acked", self.all_acked)
        heads = head_seqs()
        self.wait_until(
            f"all readers have applied {heads}",
            lambda: all(
                reader.replicas[room].applied == head for reader in self.readers for room, head in heads.items()
            ),
        )

    def wait_until(self, what: str, holds: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
        """Raises `Stuck`, at once where a client has failed."""
        deadline = time.monotonic() + seconds
        while not holds():
            if self._failures:
                raise Stuck(f"a client failed: {self._failures}")
            if time.monotonic() > deadline:
                raise Stuck(f"not within {seconds:.0f} s: {what}; {self.counts}")
            time.sleep(0.05)

    def go_on(self, seconds: float) -> None:
        """Let it run; a client that fails in the meantime ends it."""
        until = time.monotonic() + seconds
        self.wait_until("time passes", lambda: time.monotonic() > until, seconds + 5)

    def wake(self) -> None:
        """Nobody takes a nap any more."""
        for client in (*self.senders, *self.readers):
            client.restless = True
        self.wait_until("all are awake", lambda: not any(one.napping for one in (*self.senders, *self.readers)))

    def wait_until_acked(self) -> None:
        """All senders, for what they send from now on."""
        now = time.monotonic()
        self.wait_until(
            "all senders are acked again", lambda: all(one.latest_acked > now or one.napping for one in self.senders)
        )

    def wait_until_served(self) -> None:
        """Everybody who is awake: what they send from now on is acked, and changes reach them."""
        now = time.monotonic()
        self.wait_until_acked()
        self.wait_until(
            "all readers hear again", lambda: all(one.latest_heard > now or one.napping for one in self.readers)
        )

    async def _run(self, client: Client) -> None:
        try:
            await client.run()
        except Exception as error:
            self._failures.append(f"{client.account.username}: {error!r}")
            raise

    async def _end(self) -> None:
        for reader in self.readers:
            reader.stop()
        for task in self._clients:
            task.cancel()
        if self._clients:
            await asyncio.wait(self._clients)
        for proxy in self._proxies:
            await proxy.stop()
        await asyncio.sleep(0)  # transports say good-bye in the next round of the loop
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task_left in left:
            task_left.cancel()
        if left:
            await asyncio.wait(left, timeout=5)
