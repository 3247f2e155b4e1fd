"""What administrators send; part of the wire contract, as `payloads` is: additions only."""

from __future__ import annotations

from typing import Annotated, Literal

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


#: None: for ever.
Days = Annotated[int | None, Field(ge=1, le=36_500)]


class RetentionDaysUpdate(Payload):
    """By kind of room; what is left out stays as it is."""

    lobby: Days = None
    persistent: Days = None
    public: Days = None
    private: Days = None
    direct: Days = None
    group: Days = None


class RetentionUpdate(Payload):
    """What is left out stays as it is."""

    days: RetentionDaysUpdate = Field(default_factory=RetentionDaysUpdate)
    erasure: Literal["keep", "remove"] | None = None
