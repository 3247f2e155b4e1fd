"""What administrators' clients send; part of the wire contract, as `payloads` is: additions only."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .payloads import Payload

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

    days: RetentionDaysUpdate = RetentionDaysUpdate()
    erasure: Literal["keep", "remove"] | None = None
