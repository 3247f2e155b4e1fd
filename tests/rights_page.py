"""Prints the table of `rights` as docs/rights.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tests.rights import DOOR, HIDDEN, KINDS, OUTSIDERS, PEOPLE, ROLES, ROOMS, SERVER, Row

INTRODUCTION = """\
# Who may do what

Generated from `tests/rights.py` by `python -m tests.rights`. `tests/test_rights.py` tries every cell, over REST and on
the socket, with API keys and browsers' sessions: all of them answer the same.

`ok` is done; `left_out` is answered as if it were not there; all others are [error codes](api.md#errors). A dash is
what cannot be: a stranger has no messages of their own, an owner is not removed but leaves.
"""
RULES = """\
Two rules go before the tables:

- Whoever is not in a room of a hidden kind ({hidden}) may not know of it: {outsiders}
  are answered `not_found`, in the very words used for a room or message that there is not, and the room is left out of
  lists, `sync` and search.
- Who is not let in is told so, whatever they ask for: {door}.
  What is theirs all the same is in the [last table](#without-a-room).

Administrators are no members of hidden rooms: what they change of one in the list of all rooms they
change without reading it. In all others they may do what an owner may, and join before they write.
A silence takes away all that others would see, looking after a room included; what is left is deleting one's own
messages, coming and going.
"""


def markdown() -> str:
    door = ", ".join(f"{_name(who)} `{code}`" for who, code in DOOR.items())
    hidden = ", ".join(f"`{kind}`" for kind in HIDDEN)
    outsiders = ", ".join(_name(role) for role in OUTSIDERS)
    parts = [
        INTRODUCTION,
        *("## Rooms", _described(KINDS)),
        *("## Roles in a room", _described(ROLES)),
        RULES.format(hidden=hidden, outsiders=outsiders, door=door),
        *(part for title, rows in ROOMS.items() for part in (f"## {title}", _table(ROLES, rows))),
        *("## Without a room", _described(PEOPLE), _table(PEOPLE, SERVER)),
    ]
    return "\n".join(f"{part.strip()}\n" for part in parts)


def _name(role: str) -> str:
    return role.replace("_", " ")


def _described(things: Mapping[str, str]) -> str:
    return "\n".join(
        ["| | |", "| --- | --- |", *(f"| {_name(name)} | {meaning} |" for name, meaning in things.items())]
    )


def _table(columns: Iterable[str], rows: Iterable[Row]) -> str:
    """The exceptions have a column where there are any."""
    rows = list(rows)
    has_exceptions = any(row.but for row in rows)
    heads = ["", *(_name(column) for column in columns), *(["but"] if has_exceptions else [])]
    lines = [_line(heads), _line(["---"] * len(heads))]
    for row in rows:
        but = ["; ".join(_exception(where, instead) for where, instead in row.but.items())] if has_exceptions else []
        lines.append(_line([row.operation, *(_cell(outcome) for outcome in row.outcomes.split()), *but]))
    return "\n".join(lines)


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(outcome: str) -> str:
    return {"-": "–", "ok": "ok"}.get(outcome, f"`{outcome}`")  # noqa: RUF001


def _exception(where: str, instead: str) -> str:
    kinds, _, roles = where.partition(":")
    who = ", ".join(_name(role) for role in roles.split()) or "whoever else could"
    return f"{', '.join(kinds.split())}: {who.replace('*', 'everybody')} {_cell(instead)}"
