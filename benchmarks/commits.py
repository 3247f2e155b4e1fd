"""Acked messages per second: the group commit against one commit for each message, on SQLite and on PostgreSQL.

    python -m benchmarks.commits [--seconds SECONDS] [--rounds ROUNDS]

50 senders, each waiting for its ack before it sends again, through the writer and the transaction that serve a Galaxy.
The two ways take turns in one run, so that whatever else the machine does meets both alike; the ratio is that of the
medians. SQLite is a file on disk with its defaults, which are Galaxy's; PostgreSQL is a throw-away server with its
defaults, `fsync` included. Every acked message is looked for in the database afterwards.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from galaxy_communication import changes, room_queries, rooms
from galaxy_communication.commands import Command, Send, Stored
from galaxy_communication.database import Database
from galaxy_communication.filter_store import WordFilters
from galaxy_communication.identity import Identity
from galaxy_communication.models import Message
from galaxy_communication.views import Views
from galaxy_communication.writer import MAX_BATCH, Writer
from tests.postgresql import running_cluster
from tests.system_packages import postgresql_folder

SENDERS = [Identity(number, f"user-{number}", False) for number in range(1, 51)]
VIEWS = Views(str, lambda user_ids: dict.fromkeys(user_ids))
WAYS = {"one commit each": 1, "group commit": MAX_BATCH}
TEXT = "Does anybody know why FastQC fails on my reads? " * 4


@dataclass
class Run:
    acked: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    commits: int = 0

    def percentile_99(self) -> float:
        return sorted(self.milliseconds)[int(len(self.milliseconds) * 0.99)]


async def measure(database: Database, room_id: int, way: str, seconds: float) -> Run:
    run = Run()
    filters = WordFilters()

    def commit(batch: list[Command]) -> list[Stored]:
        run.commits += 1
        outcomes = changes.commit(database, VIEWS, lambda _: {}, filters, batch)
        return [outcome for outcome in outcomes if isinstance(outcome, Stored)]

    writer: Writer[Command, Stored] = Writer(commit, lambda _: None, max_batch=WAYS[way])  # type: ignore[arg-type]
    end = time.perf_counter() + seconds

    async def send(author: Identity) -> None:
        number = 0
        while (begun := time.perf_counter()) < end:
            number += 1
            stored = await writer.submit(Send(author, room_id, TEXT, f"{begun}-{number}", None))
            run.milliseconds.append((time.perf_counter() - begun) * 1000)
            run.acked.append(stored.message.id)

    await asyncio.gather(*(send(author) for author in SENDERS))
    writer.close()
    return run


def prepare(database: Database) -> int:
    def fill(session: Session) -> int:
        lobby = room_queries.lobby(session).id
        for person in SENDERS:
            room_queries.add_membership(session, lobby, person.user_id)
        return lobby

    database.upgrade(allowed=False, then=lambda session: rooms.arrange_configured(session, []))
    return database.write_now(fill)


def compare(name: str, url: str, seconds: float, rounds: int) -> None:
    database = Database(url)
    lobby = prepare(database)
    runs: dict[str, list[Run]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way in WAYS:
            runs[way].append(asyncio.run(measure(database, lobby, way, seconds)))
    there = {str(number) for number in database.read_now(lambda session: session.scalars(select(Message.id)).all())}
    lost = sum(message not in there for done in runs.values() for run in done for message in run.acked)
    rates = {way: statistics.median(len(run.acked) / seconds for run in done) for way, done in runs.items()}
    for way, done in runs.items():
        p99 = statistics.median(run.percentile_99() for run in done)
        size = statistics.median(len(run.acked) / run.commits for run in done)
        print(f"{name:10}  {way:15}  {rates[way]:7.0f} acked/s  p99 {p99:5.0f} ms  {size:4.1f} messages a commit")
    each, grouped = rates.values()
    print(f"{name:10}  ratio {grouped / each:.1f}; {len(there)} messages, of the acked ones {lost} lost\n", flush=True)
    database.close()
    if lost:
        sys.exit(1)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    programs = postgresql_folder()
    if programs is None:
        sys.exit("PostgreSQL is not installed. On Debian: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="communication-benchmark-") as folder, running_cluster(programs) as cluster:
        yield {
            "SQLite": f"sqlite:///{Path(folder) / 'universe.sqlite'}",
            "PostgreSQL": cluster.url(cluster.create_database()),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with databases() as urls:
        for name, url in urls.items():
            compare(name, url, options.seconds, options.rounds)


if __name__ == "__main__":
    main()
