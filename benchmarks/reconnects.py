"""How a Galaxy bears that everybody comes back at once, with the line before the door and without it.

    python -m benchmarks.reconnects [--sockets SOCKETS] [--outage SECONDS]

A real Galaxy of one process on SQLite; so many sockets of as many people are cut at once. For some seconds nobody
reaches Galaxy, as when it starts anew; all come back as the browser's client does. From then on one asks Galaxy for its
version, and another, who was not cut, sends messages to a room of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp  # type: ignore[import-not-found,unused-ignore]
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from galaxy_communication import people_queries, plugin, room_queries, sockets
from galaxy_communication.galaxy_process import FACTORY, free_port
from galaxy_communication.pacing import Pacing
from tests.crowd import make_galaxy_users
from tests.galaxy_server import CONFIG, COOKIE, GalaxyServer
from tests.galaxys_tables import GalaxyApp

BASE, CAP = 1.0, 30.0
AT_ONCE = 50
"""Connections that are made at a time before the cut."""


def unpaced() -> Any:
    """Galaxy's application, in which nobody waits at the door."""
    setattr(sockets, "Pacing", lambda: Pacing(at_once=10**9))  # noqa: B010
    return plugin.factory()


class Visitor:
    def __init__(self, http: aiohttp.ClientSession, url: str, cookie: str) -> None:
        self._http, self._headers = http, {"Cookie": f"{COOKIE}={cookie}"}
        self._url = f"{url}/communication/socket.io/?EIO=4&transport=websocket"
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._answered = asyncio.Event()
        self._answer: dict[str, Any] = {}
        self.refused = 0
        self._room = ""

    async def come(self, attempt: int = 0) -> None:
        """Returns when the server is ready."""
        while (wait := await self._attempt()) is not None:
            await asyncio.sleep(wait + random.uniform(0, BASE if wait else min(CAP, BASE * 2**attempt)))
            attempt += not wait
            self.refused += 1

    async def _attempt(self) -> float | None:
        """The seconds to wait before the next one, None where it was let in."""
        try:
            self._socket = await self._http.ws_connect(self._url, headers=self._headers)
            await self._receive("0")
            await self._socket.send_str("40/chat,")
            said = await asyncio.wait_for(self._receive('42/chat,["ready"', "44/chat,"), CAP)
        except (aiohttp.ClientError, asyncio.TimeoutError, ConnectionError, TypeError):
            await self.leave()
            return 0.0
        if said.startswith("44"):
            await self.leave()
            return float(json.loads(said.partition(",")[2])["data"]["error"].get("retry_after", 0))
        self._reading = asyncio.create_task(self._read())
        return None

    async def _read(self) -> None:
        """Until the connection ends. Who does not answer pings is taken for gone."""
        with suppress(aiohttp.ClientError, TypeError, ConnectionError):
            while True:
                self._answer = json.loads((await self._receive("43")).partition("[")[2][:-1])
                self._answered.set()

    async def _receive(self, *prefixes: str) -> str:
        assert self._socket is not None
        while not (packet := str(await self._socket.receive_str())).startswith(prefixes):
            if packet == "2":
                await self._socket.send_str("3")
        return packet

    async def open_room(self) -> None:
        await self._ask(0, "room.create", {"kind": "private", "name": "a room of one's own"})
        self._room = self._answer["room"]["id"]

    async def send(self, number: int) -> None:
        payload = {"room_id": self._room, "text": "Does anybody know?", "client_id": f"sent-{number}"}
        await self._ask(number, "message.send", payload)

    async def _ask(self, number: int, event: str, payload: dict[str, str]) -> None:
        assert self._socket is not None
        self._answered.clear()
        await self._socket.send_str(f"42/chat,{number}{json.dumps([event, payload])}")
        await self._answered.wait()

    async def leave(self) -> None:
        if self._socket is not None:
            await self._socket.close()

    def cut(self) -> None:
        if self._socket is not None and (transport := self._socket._writer.transport) is not None:
            transport.abort()


async def timed(operation: Callable[[int], Awaitable[object]], times: list[float], until: asyncio.Event) -> None:
    number = 0
    while not until.is_set():
        begun = time.perf_counter()
        await operation(number)
        times.append((time.perf_counter() - begun) * 1000)
        number += 1
        await asyncio.sleep(0.05)


async def storm(url: str, cookies: list[str], outage: float) -> dict[str, str]:
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http:
        steady, *people = (Visitor(http, url, cookie) for cookie in cookies)
        await steady.come()
        await steady.open_room()
        for start in range(0, len(people), AT_ONCE):
            await asyncio.gather(*(person.come() for person in people[start : start + AT_ONCE]))
        for person in people:
            person.refused = 0

        async def version(_: int) -> None:
            async with http.get(f"{url}/api/version") as response:
                await response.read()

        requests, acks, over = list[float](), list[float](), asyncio.Event()
        for person in people:
            person.cut()
        begun = time.perf_counter() + outage

        async def come_back(person: Visitor) -> float:
            attempt, moment = 0, 0.0
            while moment < outage or not attempt:
                moment += random.uniform(0, min(CAP, BASE * 2**attempt))
                attempt += 1
            await asyncio.sleep(moment)
            await person.come(attempt)
            return time.perf_counter() - begun

        async def probe() -> None:
            await asyncio.sleep(outage)
            await asyncio.gather(timed(version, requests, over), timed(steady.send, acks, over))

        probes = asyncio.create_task(probe())
        back = sorted(await asyncio.gather(*map(come_back, people)))
        over.set()
        await probes
    return {
        "all are back after": f"{back[-1]:.0f} s",
        "half of them after": f"{statistics.median(back):.0f} s",
        "refused, on average": f"{sum(person.refused for person in people) / len(people):.1f} times",
        **{f"a request of Galaxy's, {name}": f"{value:.0f} ms" for name, value in percentiles(requests).items()},
        **{f"a message's ack, {name}": f"{value:.0f} ms" for name, value in percentiles(acks).items()},
    }


def percentiles(times: list[float]) -> dict[str, float]:
    times.sort()
    return {"p50": statistics.median(times), "p99": times[len(times) * 99 // 100], "slowest": times[-1]}


def make_visitors(engine: Engine, names: Mapping[int, str | None]) -> None:
    """As if all had been there before: the first time of one is told to everybody in the lobby."""
    with Session(engine) as session:
        for user_id, name in names.items():
            people_queries.put_person(session, user_id, name)
        room_queries.add_memberships(session, room_queries.lobby(session).id, list(names))
        session.commit()


def measure(factory: str, count: int, outage: float) -> dict[str, str]:
    with TemporaryDirectory() as folder:
        root = str(Path(__file__).parent.parent)
        galaxy = GalaxyServer(
            Path(folder),
            {**CONFIG, "communication_rate_limit_connections": ""},
            port=free_port(),
            factory=factory,
            environment={"PYTHONPATH": root},
        )
        try:
            galaxy.start_and_wait()
            url = f"sqlite:///{galaxy.directory}/data/universe.sqlite"
            make_galaxy_users(url, count * 10 // 8)
            engine = create_engine(url)
            with engine.connect() as connection:
                users = connection.execute(
                    text(
                        "SELECT user_id, username FROM user_preference JOIN galaxy_user ON galaxy_user.id = user_id "
                        "WHERE name = 'extra_user_preferences' LIMIT :count"
                    ),
                    {"count": count + 1},
                ).all()
            make_visitors(engine, {user_id: name for user_id, name in users})
            app = GalaxyApp(engine, id_secret=galaxy._id_secret())
            app.security = type(app.security)(id_secret=galaxy._id_secret())
            cookies = app.log_in([user_id for user_id, _ in users])
            return asyncio.run(storm(galaxy.url, list(cookies.values()), outage))
        finally:
            galaxy.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, default=5_000)
    parser.add_argument("--outage", type=float, default=15.0, help="seconds")
    options = parser.parse_args()
    sizes = options.sockets, options.outage
    found = [measure(FACTORY, *sizes), measure("benchmarks.reconnects:unpaced", *sizes)]
    print(f"| {options.sockets:,} sockets | with the line | without |\n| --- | ---: | ---: |")
    for name in found[0]:
        print(f"| {name} | {' | '.join(one[name] for one in found)} |")


if __name__ == "__main__":
    main()
