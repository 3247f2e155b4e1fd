"""SELECTs, INSERTs, UPDATEs and DELETEs on the processes that serve the chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from .models import Worker, now

#: Three beats: who has not been heard for so long is no more.
LIFETIME = timedelta(minutes=1)


@dataclass(frozen=True)
class Beat:
    """What a process says of itself; see `models.Worker`."""

    name: str
    started_at: datetime
    connections: int
    online: int
    queue: int
    sent: int
    metrics: str | None = None


def beat(session: Session, number: int | None, said: Beat) -> int:
    """
    :param number: that of its row, as the last beat gave it.
    """
    session.execute(delete(Worker).where(Worker.seen_at < now() - LIFETIME))
    row = {**asdict(said), "seen_at": now()}
    # SQLite gives numbers again: one that was forgotten may be another's by now.
    own = update(Worker).where(Worker.id == number, Worker.name == said.name)
    statement = own.values(**row).returning(Worker.id)
    if number is not None and session.scalar(statement) is not None:
        return number
    worker = Worker(**row)
    session.add(worker)
    session.flush()
    return worker.id


def remove(session: Session, number: int) -> None:
    session.execute(delete(Worker).where(Worker.id == number))


def pages(session: Session) -> dict[str, str]:
    """What the processes count, by their names."""
    said = select(Worker.name, Worker.metrics).where(Worker.seen_at >= now() - LIFETIME, Worker.metrics.is_not(None))
    return {name: page for name, page in session.execute(said.order_by(Worker.id)) if page is not None}


def alive(session: Session) -> Sequence[Worker]:
    return session.scalars(select(Worker).where(Worker.seen_at >= now() - LIFETIME).order_by(Worker.id)).all()
