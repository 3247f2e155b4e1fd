"""The word filter as it is stored, and as it is in force in this process."""

from __future__ import annotations

import logging
import threading
import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from .moderation_models import Setting
from .word_filter import ACTIONS, Entries, Filter, Lists

log = logging.getLogger(__name__)

NAME = "word_filter"


def stored(session: Session) -> Lists:
    return _lists(_value(session))


def store(session: Session, lists: Lists) -> None:
    value: dict[str, Any] = {"version": uuid.uuid4().hex}
    value |= {action: {"words": one.words, "patterns": one.patterns} for action, one in lists.items()}
    session.merge(Setting(name=NAME, value=value))


class WordFilters:
    """One in each process, safe in all threads: a filter is made once, when its version is first seen."""

    def __init__(self) -> None:
        self.latest = Filter({})
        """As it was last seen."""
        self._version: str | None = None
        self._lock = threading.Lock()

    def in_force(self, session: Session) -> Filter:
        """In one statement, a second one where the filter has changed: what is stored is in force in all processes."""
        version = session.scalar(select(Setting.value["version"].as_string()).where(Setting.name == NAME))
        with self._lock:
            if version != self._version:
                value = _value(session)
                self.latest, self._version = Filter(_lists(value), _leave_out), value.get("version")
            return self.latest


def _value(session: Session) -> dict[str, Any]:
    return session.scalar(select(Setting.value).where(Setting.name == NAME)) or {}


def _lists(value: dict[str, Any]) -> Lists:
    return {action: Entries(**value[action]) if action in value else Entries() for action in ACTIONS}


def _leave_out(error: Exception) -> None:
    """Of what another release has stored."""
    log.error("communication: the word filter does without an entry: %s", error)
