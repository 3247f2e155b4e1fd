"""REST: the administrators' word filter. Each parses, makes one call."""

from __future__ import annotations

from . import filtering
from .admin_payloads import FilterAttempt, WordFilterUpdate
from .admin_schemas import FilterOutcome, WordFilter
from .rest import TheChat, TheIdentity, make_router

router = make_router("/admin")


@router.get("/word-filter", summary="The words and patterns that messages are searched for")
async def get_word_filter(chat: TheChat, admin: TheIdentity) -> WordFilter:
    return await filtering.get(chat, admin)


@router.put("/word-filter", summary="Replace the word filter")
async def put_word_filter(chat: TheChat, admin: TheIdentity, wanted: WordFilterUpdate) -> WordFilter:
    return await filtering.put(chat, admin, wanted)


@router.post("/word-filter/try", summary="What would become of a message")
async def try_word_filter(chat: TheChat, admin: TheIdentity, wanted: FilterAttempt) -> FilterOutcome:
    return await filtering.attempt(chat, admin, wanted)
