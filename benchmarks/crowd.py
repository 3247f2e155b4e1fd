"""What a Galaxy with 100,000 people and 2,000 rooms costs: the time and the statements of all that people read.

    python -m benchmarks.crowd [--people PEOPLE] [--rooms ROOMS] [--messages MESSAGES] [--times TIMES]

Both databases in one run, filled by the databases themselves (some ten seconds), with Galaxy's own tables of users,
preferences and groups beside ours. A time is the median of a whole request in this process, from its headers to its
JSON, with who it is and all else that is asked at the door; there is no network, and what the test's client takes by
itself is told first. SQLite has no statistics of its tables, as in service; PostgreSQL has them, as there.
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count

from benchmarks.commits import databases
from galaxy_communication.permissions import Identity
from tests.crowd import BUSY, ORDINARY, Crowd
from tests.crowd_visits import NEWCOMERS, FullGalaxy, Operation, full_galaxy, reads
from tests.in_process import Socket
from tests.statements import recorded

PEOPLE = {"in 5 rooms": ORDINARY, "in 100 rooms": BUSY}
CONNECTIONS = 50
STATEMENTS = "statements"

Column = dict[str, str]
"""What is in the table's cells, by operation."""


@dataclass(frozen=True)
class Meter:
    full: FullGalaxy
    times: int

    def milliseconds(self, operation: Operation) -> str:
        taken = []
        for _ in range(self.times):
            begun = time.perf_counter()
            operation()
            taken.append((time.perf_counter() - begun) * 1000)
        return f"{statistics.median(taken):.1f}"

    def statements(self, operation: Operation) -> str:
        """On our tables and on Galaxy's."""
        server = self.full.server
        with recorded(server.chat.database.engine) as ours, recorded(server.galaxy.engine) as theirs:
            operation()
        return f"{len(ours)} + {len(theirs)}"


def operations(full: FullGalaxy, who: Identity, socket: Socket) -> dict[str, Operation]:
    """With the people found and listed in a Galaxy that shows them to each other, where there are most."""
    ids, room_id = count(), full.server.encode(full.rooms.public)

    def send() -> object:
        message = {"room_id": room_id, "text": "Does anybody know?", "client_id": f"{who.user_id}-{next(ids)}"}
        return socket.call("message.send", message)

    def sync() -> object:
        joined = [room for room in socket.ready["rooms"] if room["joined"]]
        return socket.call("sync", {"rooms": {room["id"]: room["head_seq"] for room in joined}})

    return {
        **reads(full, who),
        "sync of all rooms": sync,
        "send": send,
        "mark as read": lambda: socket.call("room.read", {"room_id": room_id, "seq": 1}),
    }


def measured(full: FullGalaxy, who: Identity, times: int) -> tuple[Column, Column]:
    """Times, and statements."""
    meter = Meter(full, times)
    with full.server.visitor(who.user_id).connected() as socket:
        full.server.galaxy.config.expose_user_name = True
        done = operations(full, who, socket)
        taken = {name: meter.milliseconds(operation) for name, operation in done.items()}
        asked = {name: meter.statements(operation) for name, operation in done.items()}
        full.server.galaxy.config.expose_user_name = False
        name = "people, by one letter"
        taken[f"{name}, of those one knows"] = meter.milliseconds(done[name])
        asked[f"{name}, of those one knows"] = meter.statements(done[name])
    return taken, asked


def once(full: FullGalaxy, times: int) -> tuple[Column, Column]:
    """What there is once for a process, or for a person."""
    newcomers = iter([full.server.visitor(full.newcomer_id + number) for number in range(NEWCOMERS)])
    coming = "come for the first time"
    asked = {coming: Meter(full, 1).statements(lambda: next(newcomers).get("rooms"))}
    taken = {coming: Meter(full, NEWCOMERS - 1).milliseconds(lambda: next(newcomers).get("rooms"))}
    with ExitStack() as stack:
        for user_id in full.chatters(CONNECTIONS):
            stack.enter_context(full.server.visitor(user_id).connected())
        name = f"a round of the watch, {CONNECTIONS} connections"
        full.server.watch_round()
        taken[name] = Meter(full, times).milliseconds(full.server.watch_round)
        asked[name] = Meter(full, 1).statements(full.server.watch_round)
    return taken, asked


def columns(name: str, url: str, crowd: Crowd, times: int) -> dict[str, Column]:
    begun = time.perf_counter()
    found: dict[str, Column] = {STATEMENTS: {}}
    with full_galaxy(url, crowd) as full:
        print(f"{name}: filled in {time.perf_counter() - begun:.0f} s", flush=True)
        if full.is_sqlite:
            full.forget_statistics()
        for title, who in PEOPLE.items():
            taken, asked = measured(full, who, times)
            found[f"{name}, {title}"] = taken
            found[STATEMENTS] |= asked
        taken, asked = once(full, times)
        for title in PEOPLE:
            found[f"{name}, {title}"] |= taken
        found[STATEMENTS] |= asked
        client = Meter(full, times).milliseconds(full.server.ask_nothing)
        print(f"{name}: of each time, the test's client takes {client} ms", flush=True)
    return found


def show(found: dict[str, Column]) -> None:
    titles = ["milliseconds", *(title for title in found if title != STATEMENTS), STATEMENTS]
    print(f"\n| {' | '.join(titles)} |\n|{' --- |' * len(titles)}")
    for operation in found[STATEMENTS]:
        print(f"| {' | '.join([operation, *(found[title][operation] for title in titles[1:])])} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rooms", type=int, default=2_000)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=30, help="of each operation")
    options = parser.parse_args()
    crowd = Crowd(options.people, options.rooms, options.messages)
    print(f"{crowd.people:,} people, {crowd.rooms:,} rooms, {crowd.messages:,} messages\n")
    found: dict[str, Column] = {}
    with databases() as urls:
        for name, url in urls.items():
            found |= columns(name, url, crowd, options.times)
    show(found)


if __name__ == "__main__":
    main()
