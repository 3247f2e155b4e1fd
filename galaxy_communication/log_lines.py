"""Lines of the log that concern one connection: ``communication: what happened connection=… user=…``, so that all of
one connection are found by one word. They name codes and ids: never texts, names or what somebody is known by.

And errors of the database, which would name the parameters of the statement that failed: messages, keys, addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import StatementError


def line(what: str, **fields: object) -> str:
    """Fields that are None are left out; a value with spaces stands in quotation marks."""
    told = (f"{name}={_value(value)}" for name, value in fields.items() if value is not None)
    return " ".join((f"communication: {what}", *told))


def short(sid: str) -> str:
    """Of a connection: enough to tell it from others, and not what a client says to be it."""
    return sid[:8]


@contextmanager
def parameters_hidden() -> Iterator[None]:
    """Around what asks by an engine that is Galaxy's, and does not hide them. Errors go on, also to logs of others."""
    try:
        yield
    except Exception as error:
        told: BaseException | None = error
        while told is not None:  # as a traceback goes through them
            if isinstance(told, StatementError):
                told.hide_parameters = True
            told = told.__cause__ or told.__context__
        raise


def in_short(error: Exception) -> str:
    """What the driver says, where it was the driver: without the statement, and the details, which may be values."""
    said = error.orig if isinstance(error, StatementError) and error.orig else error
    return str(said).partition("\n")[0]


def _value(value: object) -> str:
    text = str(value)
    return text if text and not any(char in text for char in ' ="') and text.isprintable() else json.dumps(text)
