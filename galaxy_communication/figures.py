"""How the chat is, for administrators: who is there, how busy it is, and what they should know. Answers also where the
chat cannot serve."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from . import __version__, admin_schemas, permissions, worker_queries
from .admin_schemas import DatabaseFigures, Figures, WarningReason, Worker
from .chat import Chat
from .errors import Overloaded
from .identity import Identity
from .models import Worker as Row
from .models import now
from .worker_queries import Beat

#: More people than this keep Galaxy's SQLite file busy.
MANY_FOR_SQLITE = 20
SLOW_MILLISECONDS = 500
#: One batch of the writer: what is beyond waits for more than one commit.
LONG_QUEUE = 500


async def now_of(chat: Chat, admin: Identity) -> Figures:
    permissions.administer(admin)
    rows, milliseconds = await _heard(chat)
    own, others = chat.pulse.said(), chat.pulse.others(rows)
    beats: list[Beat | Row] = [own, *others]
    this = Worker(
        name=own.name,
        started_at=own.started_at,
        seen_at=now(),
        connections=own.connections,
        queue=own.queue,
        is_this=True,
    )
    figures = Figures(
        online=chat.connections.people_everywhere() if chat.bus.joins else sum(beat.online for beat in beats),
        connections=sum(beat.connections for beat in beats),
        messages_per_minute=sum(beat.sent for beat in beats),
        queue=sum(beat.queue for beat in beats),
        workers=[this, *map(_worker, others)],
        bus=chat.bus.name,
        database=DatabaseFigures(
            engine=chat.database.engine.dialect.name,  # type: ignore[arg-type]  # there are no others
            separate=chat.settings.communication_database_connection is not None,
            milliseconds=milliseconds,
        ),
        version=__version__,
        galaxy_version=chat.host.version,
        warnings=[],
    )
    has_peers = bool(chat.pulse.peers(rows))
    return figures.model_copy(update={"warnings": list(_warnings(chat, figures, has_peers=has_peers))})


async def _heard(chat: Chat) -> tuple[Sequence[Row], float | None]:
    """All processes that have lately said that they are there, and how long the database took to tell."""

    def ask() -> tuple[Sequence[Row], float]:
        began = time.perf_counter()
        rows = chat.database.read_now(worker_queries.alive)
        return rows, (time.perf_counter() - began) * 1000

    if chat.failure is not None:  # there may be no such table
        return [], None
    try:
        return await chat.database.in_thread(ask)
    except Overloaded:
        return [], None


def _worker(row: Row) -> Worker:
    return Worker(
        name=row.name,
        started_at=row.started_at,
        seen_at=row.seen_at,
        connections=row.connections,
        queue=row.queue,
        is_this=False,
    )


def _warnings(chat: Chat, figures: Figures, *, has_peers: bool) -> Iterator[admin_schemas.Warning]:
    database, failure = figures.database, chat.failure
    if failure is None and database.milliseconds is None:
        failure = "its database does not answer"
    if failure is not None:
        reason: WarningReason = "pending_migration" if chat.needs_migration else "chat_off"
        yield _warning(reason, f"Chat is off: {failure}.", why=failure)
    if not chat.bus.is_working:
        yield _warning(
            "bus_silent",
            f"The message bus ({figures.bus}) does not answer: what is said in one process comes to the others some "
            "seconds late.",
            bus=figures.bus,
        )
    elif unheard := chat.pulse.roll_call.unheard:
        yield _warning(
            "workers_not_heard",
            f"{unheard} processes that serve the chat, too, are not heard on the message bus ({figures.bus}): what is "
            "said in them comes to the others some seconds late.",
            count=unheard,
            bus=figures.bus,
        )
    if has_peers and not chat.bus.joins:
        count = len(figures.workers)
        yield _warning(
            "workers_without_bus",
            f"{count} processes serve the chat, and no message bus joins them: what is said in one comes to the others "
            "seconds late.",
            count=count,
        )
    if database.engine == "sqlite" and not database.separate and figures.connections > MANY_FOR_SQLITE:
        yield _warning(
            "shared_sqlite",
            f"{figures.connections} connections, and all that is said is stored in Galaxy's own SQLite file: give the "
            "chat a database of its own with communication_database_connection.",
            count=figures.connections,
        )
    if database.milliseconds is not None and database.milliseconds > SLOW_MILLISECONDS:
        milliseconds = round(database.milliseconds)
        yield _warning(
            "database_slow", f"The database took {milliseconds} ms for a small question.", milliseconds=milliseconds
        )
    if figures.queue > LONG_QUEUE:
        yield _warning("queue_long", f"{figures.queue} messages wait to be stored.", count=figures.queue)


def _warning(reason: WarningReason, message: str, **values: Any) -> admin_schemas.Warning:
    return admin_schemas.Warning(reason=reason, message=message, values=values)
