"""Lines of the log that concern one connection: ``communication: what happened connection=… user=…``, so that all of
one connection are found by one word. They name codes and ids: never texts, names or what somebody is known by."""

from __future__ import annotations

import json


def line(what: str, **fields: object) -> str:
    """Fields that are None are left out; a value with spaces stands in quotation marks."""
    told = (f"{name}={_value(value)}" for name, value in fields.items() if value is not None)
    return " ".join((f"communication: {what}", *told))


def short(sid: str) -> str:
    """Of a connection: enough to tell it from others, and not what a client says to be it."""
    return sid[:8]


def _value(value: object) -> str:
    text = str(value)
    return text if text and not any(char in text for char in ' ="') and text.isprintable() else json.dumps(text)
