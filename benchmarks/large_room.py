"""What a page of a room with ten million messages costs: the plan and the time of every way into its history.

    python -m benchmarks.large_room [--messages COUNT]

Both databases in one run, filled by the databases themselves (some minutes, some 5 GB of disk for ten million). The
plans are of the very statements that serve a Galaxy; PostgreSQL tells rows, buffers and time of each step.
"""

from __future__ import annotations

import argparse
import statistics
import time

from benchmarks.commits import databases
from galaxy_communication import rooms
from galaxy_communication.database import Database
from tests.plans import Query, fill, history_queries, plan

TIMES = 50


def milliseconds(database: Database, query: Query) -> float:
    """Of the whole operation: connection, transaction, rows to objects. The median."""
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        database.read_now(query)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def show(name: str, url: str, count: int) -> None:
    database = Database(url)
    database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, []))
    begun = time.perf_counter()
    room_id = fill(database, count)
    print(f"\n## {name}: one room, {count:,} messages, filled in {time.perf_counter() - begun:.0f} s")
    for title, query in history_queries(room_id, count).items():
        print(f"\n{title}: {milliseconds(database, query):.2f} ms")
        print("\n".join(f"    {line}" for line in plan(database, query, analyze=True).splitlines()), flush=True)
    database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000_000)
    options = parser.parse_args()
    with databases() as urls:
        for name, url in urls.items():
            show(name, url, options.messages)


if __name__ == "__main__":
    main()
