"""What administrators are shown; part of the wire contract, as `schemas` is: additions only."""

from __future__ import annotations

from typing import Literal

from .schemas import Wire

FilterAction = Literal["refuse", "mask", "report"]


class FilterList(Wire):
    action: FilterAction
    words: list[str]
    patterns: list[str]


class WordFilter(Wire):
    lists: list[FilterList]
    """One for each action, in their order."""


class FilterOutcome(Wire):
    """What would become of a text."""

    action: FilterAction | None
    text: str
    """As it would be stored."""
    found: list[str]
    """As it is written in the text."""
