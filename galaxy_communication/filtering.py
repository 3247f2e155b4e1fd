"""The word filter, for administrators: what is in it, and what it would do."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from . import audit_queries, filter_store, permissions, text
from .admin_payloads import FilterAttempt, FilterListUpdate, WordFilterUpdate
from .admin_schemas import FilterList, FilterOutcome, WordFilter
from .chat import Chat
from .errors import Invalid
from .identity import Identity
from .word_filter import ACTIONS, Entries, Filter, Lists


async def get(chat: Chat, admin: Identity) -> WordFilter:
    chat.require_running()
    permissions.administer(admin)
    return _shown(await chat.database.read(filter_store.stored))


async def put(chat: Chat, admin: Identity, wanted: WordFilterUpdate) -> WordFilter:
    """In force on all workers with the next message. Raises `Invalid` for an entry that cannot be used."""
    chat.require_running()
    permissions.administer(admin)
    lists = _lists(wanted.lists)
    await chat.database.in_thread(lambda: Filter(lists))

    def write(session: Session) -> None:
        if filter_store.stored(session) == lists:
            return
        filter_store.store(session, lists)
        counts: dict[str, int] = {action: len(one.words) + len(one.patterns) for action, one in lists.items()}
        audit_queries.record(session, admin, "set_word_filter", reason="", **counts)

    await chat.database.write(write)
    return _shown(lists)


async def attempt(chat: Chat, admin: Identity, wanted: FilterAttempt) -> FilterOutcome:
    """What would become of a message; nothing is stored."""
    chat.require_running()
    permissions.administer(admin)
    source = text.message_text(wanted.text, chat.settings.communication_max_message_length)
    lists = None if wanted.lists is None else _lists(wanted.lists)

    def tried() -> FilterOutcome:
        made = Filter(lists) if lists is not None else chat.database.read_now(chat.filters.in_force)
        outcome = made.check(source)
        found = dict.fromkeys((*outcome.refused, *outcome.masked, *outcome.reported))
        return FilterOutcome(action=outcome.action, text=outcome.text, found=list(found))

    return await chat.database.in_thread(tried)


def _lists(wanted: Sequence[FilterListUpdate]) -> Lists:
    by_action = {one.action: one for one in wanted}
    if len(by_action) < len(wanted):
        raise Invalid("lists: give one list for each action.")
    return {
        action: Entries(_once(one.words), _once(one.patterns)) if (one := by_action.get(action)) else Entries()
        for action in ACTIONS
    }


def _once(entries: list[str]) -> list[str]:
    return list(dict.fromkeys(entries))


def _shown(lists: Lists) -> WordFilter:
    return WordFilter(
        lists=[FilterList(action=action, words=one.words, patterns=one.patterns) for action, one in lists.items()]
    )
