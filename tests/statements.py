"""What a database is asked, as it really is asked, and how it would go about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

#: Not worth counting: they frame a transaction.
FRAMES = ("BEGIN", "SET LOCAL")


@dataclass(frozen=True)
class Statement:
    text: str
    parameters: Any
    many: bool
    """Once for each of several sets of parameters."""


@contextmanager
def recorded(engine: Engine) -> Iterator[list[Statement]]:
    """All statements of the engine in the block, whoever asks."""
    statements: list[Statement] = []

    def note(
        _connection: Connection, _cursor: object, text: str, parameters: Any, _context: object, many: bool
    ) -> None:
        if not text.startswith(FRAMES):
            statements.append(Statement(text, parameters, many))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def explained(engine: Engine, statements: Sequence[Statement], *, analyze: bool = False) -> str:
    """The plans of all that look for something.

    :param analyze: with the time and the rows of each step, where the database tells them; of reading statements.
    """
    sqlite = engine.dialect.name == "sqlite"
    lines: list[str] = []
    with engine.connect() as connection:
        for statement in statements:
            reads = statement.text.startswith("SELECT")
            if statement.many or not (reads or statement.text.startswith(("UPDATE", "DELETE"))):
                continue
            detail = "QUERY PLAN" if sqlite else "(ANALYZE, BUFFERS)" if analyze and reads else ""
            rows = connection.exec_driver_sql(f"EXPLAIN {detail} {statement.text}", statement.parameters)
            lines += [str(row[-1]) for row in rows]
    return "\n".join(lines)
