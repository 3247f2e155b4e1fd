"""The administrators' switch: whether this Galaxy has its chat now.

Every process asks the database, at the door and in its rounds, so it is in force everywhere within seconds.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from .errors import Disabled
from .moderation_models import Setting

NAME = "enabled"


def is_on(session: Session) -> bool:
    """As long as nobody has ever turned it, it is on."""
    setting = session.get(Setting, NAME)
    return setting is None or bool(setting.value)


def turn(session: Session, *, on: bool) -> None:
    session.merge(Setting(name=NAME, value=on))


def switched_off() -> Disabled:
    return Disabled("Chat is switched off on this Galaxy.", reason="server_switch_off")
