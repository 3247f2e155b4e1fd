"""What administrators send; part of the wire contract, as `payloads` is: additions only."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from .admin_schemas import FilterAction
from .payloads import Payload, SourceText
from .schemas import no_nul, storable

#: A word or a pattern of the filter.
FilterEntry = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(storable),
    AfterValidator(no_nul),
]


class FilterListUpdate(Payload):
    action: FilterAction
    words: list[FilterEntry] = Field(default_factory=list)
    patterns: list[FilterEntry] = Field(default_factory=list)


class WordFilterUpdate(Payload):
    """A list that is left out is empty."""

    lists: list[FilterListUpdate]


class FilterAttempt(Payload):
    text: SourceText
    lists: list[FilterListUpdate] | None = None
    """To be tried before they are stored; without them, the filter in force."""
