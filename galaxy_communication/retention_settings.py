"""How long messages are kept, and what becomes of those of people who are no more: two rows that administrators set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy.orm import Session

from .moderation_models import Setting
from .schemas import RoomKind

NAME, LAST_RUN = "retention", "retention_last_run"
KINDS: tuple[RoomKind, ...] = get_args(RoomKind)
Erasure = Literal["keep", "remove"]


@dataclass(frozen=True)
class Rules:
    """As long as nobody says otherwise, everything is kept."""

    days: Mapping[RoomKind, int | None]
    """By kind of room, all of them; None: for ever."""
    erasure: Erasure = "keep"
    """Of those whom Galaxy has deleted: whether the text stays, without an author, or goes."""

    def changed(self, days: Mapping[RoomKind, int | None], erasure: Erasure | None) -> Rules:
        return replace(self, days={**self.days, **days}, erasure=erasure or self.erasure)


def rules(session: Session) -> Rules:
    setting = session.get(Setting, NAME)
    found = setting.value if setting is not None else {}
    days = {kind: found.get("days", {}).get(kind) for kind in KINDS}
    return Rules(days, found.get("erasure", "keep"))


def set_rules(session: Session, wanted: Rules) -> None:
    session.merge(Setting(name=NAME, value={"days": dict(wanted.days), "erasure": wanted.erasure}))


def last_run(session: Session) -> datetime | None:
    setting = session.get(Setting, LAST_RUN)
    return None if setting is None else datetime.fromisoformat(setting.value)


def set_last_run(session: Session, moment: datetime) -> None:
    session.merge(Setting(name=LAST_RUN, value=moment.isoformat()))
