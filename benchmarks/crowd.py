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
from itertools import count

from benchmarks.commits import databases
from galaxy_communication.identity import Identity
from tests.crowd import BUSY, ORDINARY, Crowd
from tests.crowd_visits import NEWCOMERS, FullGalaxy, Operation, full_galaxy, reads
from tests.in_process import Socket
from tests.statements import recorded

PEOPLE = {"in 5 rooms": ORDINARY, "in 100 rooms": BUSY}
CONNECTIONS = 50
STATEMENTS = "statements"

Column = dict[str, str]
"""What is in the table's cells, by operation."""


def milliseconds(operations: dict[str, Operation], times: int) -> Column:
    """Medians. The operations take turns, so that whatever else the machine does meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in operations}
    for _ in range(times):
        for name, operation in operations.items():
            begun = time.perf_counter()
            operation()
            taken[name].append((time.perf_counter() - begun) * 1000)
    return {name: f"{statistics.median(values):.1f}" for name, values in taken.items()}


def statements(full: FullGalaxy, operations: dict[str, Operation]) -> Column:
    """On our tables and on Galaxy's."""
    counts = {}
    for name, operation in operations.items():
        with recorded(full.server.chat.database.engine) as ours, recorded(full.server.galaxy.engine) as galaxys:
            operation()
        counts[name] = f"{len(ours)} + {len(galaxys)}"
    return counts


def everyday(full: FullGalaxy, who: Identity, socket: Socket) -> dict[str, Operation]:
    """In a Galaxy that shows its users to each other, where most are found; and once in one that does not."""
    config, looked_for = full.server.galaxy.config, reads(full, who)
    ids, room_id = count(), full.server.encode(full.rooms.public)
    heads = {room["id"]: room["head_seq"] for room in socket.ready["rooms"] if room["joined"]}

    def find_known() -> None:
        config.expose_user_name = False
        looked_for["people, by one letter"]()
        config.expose_user_name = True

    def send() -> object:
        message = {"room_id": room_id, "text": "Does anybody know?", "client_id": f"{who.user_id}-{next(ids)}"}
        return socket.call("message.send", message)

    config.expose_user_name = True
    return {
        **looked_for,
        "people, by one letter, whom one knows": find_known,
        "mark as read": lambda: socket.call("room.read", {"room_id": room_id, "seq": 1}),
        "sync of all rooms, one with news": lambda: socket.call("sync", {"rooms": heads}),
        "send": send,
    }


def once(full: FullGalaxy, times: int) -> tuple[Column, Column]:
    """What there is once for a person, or for a process: times, and statements."""
    newcomers = iter([full.server.visitor(full.newcomer_id + number) for number in range(NEWCOMERS)])
    coming: dict[str, Operation] = {"come for the first time": lambda: next(newcomers).get("rooms")}
    asked, taken = statements(full, coming), milliseconds(coming, NEWCOMERS - 1)
    watching: dict[str, Operation] = {f"a round of the watch, {CONNECTIONS} connections": full.server.watch_round}
    with ExitStack() as stack:
        for user_id in full.chatters(CONNECTIONS):
            stack.enter_context(full.server.visitor(user_id).connected())
        full.server.watch_round()
        return {**taken, **milliseconds(watching, times)}, {**asked, **statements(full, watching)}


def columns(name: str, url: str, crowd: Crowd, times: int) -> dict[str, Column]:
    begun = time.perf_counter()
    found: dict[str, Column] = {STATEMENTS: {}}
    with full_galaxy(url, crowd) as full:
        print(f"{name}: filled in {time.perf_counter() - begun:.0f} s; of each time, the test's client takes ", end="")
        print(f"{milliseconds({'': full.server.ask_nothing}, times)['']} ms", flush=True)
        if full.is_sqlite:
            full.forget_statistics()
        for title, who in PEOPLE.items():
            with full.server.visitor(who.user_id).connected() as socket:
                operations = everyday(full, who, socket)
                found[f"{name}, {title}"] = milliseconds(operations, times)
                found[STATEMENTS] |= statements(full, operations)
        taken, asked = once(full, times)
        found[f"{name}, in 5 rooms"] |= taken
        found[STATEMENTS] |= asked
    return found


def show(found: dict[str, Column]) -> None:
    titles = [title for title in found if title != STATEMENTS]
    print(f"\n| milliseconds | {' | '.join(titles)} | {STATEMENTS} |\n|{' --- |' * (len(titles) + 2)}")
    for operation, asked in found[STATEMENTS].items():
        cells = [operation, *(found[title].get(operation, "") for title in titles), asked]
        print(f"| {' | '.join(cells)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rooms", type=int, default=2_000)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=50, help="of each operation")
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
