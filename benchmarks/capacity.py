"""What a connection, a second of its silence, a message and a delivery cost: the figures that a plan is made from.

    python -m benchmarks.capacity [--people COUNT] [--seconds SECONDS]

One worker of a real Galaxy under gunicorn, on a throw-away PostgreSQL, by which it would hear of others. People, each
with one connection, come for the first time, go, come back, are silent, and hear twenty messages a second in the room
that all are in; then all but ten have gone, and there are as many messages. Processor time is that of the worker, and
that of the database apart from it; of what is said, what silence takes is taken off.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable

import psutil
from sqlalchemy import MetaData, create_engine, insert, select
from sqlalchemy.engine import Engine

from tests.faults.workers import workers
from tests.galaxy_server import GalaxyServer, TestUser
from tests.people import Api

from .buses import processor_seconds, servers, serving_galaxy
from .load import Line, open_line
from .traffic import PER_SECOND, Room, paced

#: That come at the same time.
ABREAST = 10
FEW = 10

Spent = tuple[float, float]


def copy_user(engine: Engine, user: TestUser, count: int) -> list[str]:
    """Galaxy's own way takes a quarter of a second for each. The new ones' API keys."""
    tables = MetaData()
    tables.reflect(engine, only=["galaxy_user", "api_keys", "user_preference"])
    people, keys, preferences = (tables.tables[name] for name in ("galaxy_user", "api_keys", "user_preference"))
    with engine.begin() as connection:
        first = dict(connection.execute(select(people).where(people.c.email == user.email)).mappings().one())
        number = first.pop("id")
        (preference,) = connection.execute(
            select(preferences).where(preferences.c.user_id == number, preferences.c.value.contains("communication"))
        ).mappings()
        (key,) = connection.execute(select(keys).where(keys.c.user_id == number)).mappings()
        rows = [{**first, "email": f"{n}@example.org", "username": f"person-{n}"} for n in range(count)]
        ids = list(connection.scalars(insert(people).returning(people.c.id), rows))
        connection.execute(insert(preferences), [_like(preference, user_id=one) for one in ids])
        connection.execute(insert(keys), [_like(key, user_id=one, key=f"benchmark-{one}") for one in ids])
    return [f"benchmark-{one}" for one in ids]


def _like(row: object, **different: object) -> dict[str, object]:
    copy = {**dict(row), **different}  # type: ignore[call-overload]
    copy.pop("id")
    return copy


class Costs:
    def __init__(self, galaxy: GalaxyServer, database: psutil.Process) -> None:
        (self._worker,) = workers(galaxy)
        self._database = database

    def spent(self) -> Spent:
        return processor_seconds(self._worker), processor_seconds(self._database)

    def memory(self) -> int:
        """Of the worker's own, without what it shares with gunicorn's master."""
        return int(self._worker.memory_full_info().uss)

    async def of(self, work: Callable[[], Awaitable[object]]) -> Spent:
        before = self.spent()
        await work()
        after = self.spent()
        return after[0] - before[0], after[1] - before[1]


async def come(port: int, keys: list[str]) -> list[Line]:
    lines: list[Line] = []
    waiting = list(keys)

    async def one_by_one() -> None:
        while waiting:
            lines.append(await open_line(port, waiting.pop()))

    await asyncio.gather(*(one_by_one() for _ in range(ABREAST)))
    return lines


async def go(lines: list[Line]) -> None:
    """Returns when the worker has noticed."""
    for line in lines:
        line.close()
    await asyncio.sleep(5)


async def measure(galaxy: GalaxyServer, costs: Costs, room_id: str, keys: list[str], seconds: float) -> None:
    count = len(keys)
    warm = await come(galaxy.port, keys[:FEW])
    begin = costs.memory()
    lines: list[Line] = []

    async def all_come() -> None:
        lines[:] = await come(galaxy.port, keys[FEW:])

    async def messages(listening: list[Line]) -> Spent:
        spent = await costs.of(lambda: paced(Room(room_id, listening), listening[0], listening, seconds))
        said = seconds * PER_SECOND
        worker, database = (
            one - seconds * quiet * len(listening) / count for one, quiet in zip(spent, silence, strict=True)
        )
        return worker / said, database / said

    first = await costs.of(all_come)
    await go(lines)
    again = await costs.of(all_come)
    memory = (costs.memory() - begin) / len(lines)
    spent = await costs.of(lambda: asyncio.sleep(3 * seconds))
    silence = spent[0] / (3 * seconds), spent[1] / (3 * seconds)
    many = await messages([*warm, *lines])
    peak = (costs.memory() - begin) / len(lines)
    await go(lines)
    few = await messages(warm)
    delivery = (many[0] - few[0]) / (count - FEW)
    told = (many[1] - few[1]) / (count - FEW)
    row("memory of a connection: silent", f"{memory / 1000:.0f} kB")
    row("after some messages", f"{peak / 1000:.0f} kB")
    row("coming for the first time", *(f"{1e3 * one / len(lines):.1f} ms" for one in first))
    row("coming back", *(f"{1e3 * one / len(lines):.1f} ms" for one in again))
    row("a second of a connection's silence", *(f"{1e6 * one / count:.0f} µs" for one in silence))
    row("a message, for itself", f"{1e3 * (few[0] - FEW * delivery):.1f} ms", f"{1e3 * few[1]:.1f} ms")
    row("a delivery of it", f"{1e6 * delivery:.0f} µs", f"{1e6 * told:.0f} µs")


def row(name: str, worker: str, database: str = "") -> None:
    print(f"| {name} | {worker} | {database} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=10.0, help="of each part")
    options = parser.parse_args()
    with (
        servers([]) as (cluster, settings, processes),
        serving_galaxy(cluster, 1, settings["database"]) as (galaxy, database),
    ):
        user = galaxy.create_user("load", chat=True)
        rooms = Api(galaxy.url, key=user.api_key).get("rooms")
        room_id = next(room["id"] for room in rooms if room["name"] == "All Chats")
        engine = create_engine(database)
        keys = copy_user(engine, user, options.people)
        engine.dispose()
        print("| | worker | database |\n| --- | ---: | ---: |", flush=True)
        asyncio.run(measure(galaxy, Costs(galaxy, processes["database"]), room_id, keys, options.seconds))


if __name__ == "__main__":
    main()
