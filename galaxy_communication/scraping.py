"""The figures of all processes for Prometheus, whichever of them it reaches.

Each process's own page stands in its row, written with every beat of the pulse. The one that is asked beats once more,
and answers with what stands in the rows, its own among them. Were its own newer than its row, the next to be asked
would tell less than was told before, which for Prometheus is a process that has begun anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from prometheus_client import Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.orm import Session

from . import permissions, worker_queries
from .chat import Chat
from .identity import Identity


async def page(chat: Chat, admin: Identity) -> bytes:
    """Where the chat cannot serve, this process's alone. Raises `Overloaded` where the database does not answer."""
    permissions.administer(admin)
    return await chat.database.in_thread(lambda: generate_latest(_Together(_pages(chat))))


def _pages(chat: Chat) -> dict[str, str]:
    """By the process's name."""
    if chat.failure is not None:  # there may be no such table
        return {chat.pulse.said().name: chat.metrics.page()}

    def beat(session: Session) -> dict[str, str]:
        chat.pulse.beat(session)
        return worker_queries.pages(session)

    return chat.database.write_now(beat)


class _Together:
    def __init__(self, pages: Mapping[str, str]) -> None:
        self._pages = pages

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for worker, page in self._pages.items():
            for family in text_string_to_metric_families(page):
                together = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                together.samples += [
                    sample._replace(labels={"worker": worker, **sample.labels}) for sample in family.samples
                ]
        yield from families.values()
