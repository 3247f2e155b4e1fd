"""Silences (may read, not write) and bans (is not let in), said by administrators; silences also by the chat itself."""

from __future__ import annotations

import logging
import math
from datetime import timedelta
from typing import Literal

from sqlalchemy.orm import Session

from . import audit_queries, payloads, people_queries, permissions, switch, telling
from .chat import Chat
from .errors import Invalid, NotFound
from .identity import Identity
from .models import THE_CHAT, now
from .moderation_models import Sanction
from .moderation_schemas import Act, Notice

log = logging.getLogger(__name__)

Kind = Literal["silence", "ban"]

FLOODED = "Too many messages in a short time, again and again without a pause."


async def impose(chat: Chat, actor: Identity, kind: Kind, user_id: str, wanted: payloads.Sanction) -> None:
    """Replaces one of this kind that is in force. Connections of a banned user end with the next round."""
    chat.require_running()
    permissions.administer(actor)
    number = chat.decode_id(user_id)
    if wanted.until is not None and wanted.until <= now():
        raise Invalid("until: this moment is past.")
    known = await chat.database.in_thread(lambda: chat.host.known_users({number}))
    if number not in known:
        raise NotFound("There is nobody with this id.")
    sanction = Sanction(
        user_id=number, kind=kind, reason=wanted.reason.strip(), actor_id=actor.user_id, until=wanted.until
    )
    await chat.database.write(lambda session: _impose(session, actor, kind, sanction))
    await _tell(chat, kind, number)


async def lift(chat: Chat, actor: Identity, kind: Kind, user_id: str, reason: str = "") -> None:
    chat.require_running()
    permissions.administer(actor)
    number = chat.decode_id(user_id)

    def write(session: Session) -> None:
        if people_queries.lift_sanctions(session, kind, number):
            act: Act = "lift_ban" if kind == "ban" else "lift_silence"
            audit_queries.record(session, actor, act, target_id=number, reason=reason)

    await chat.database.write(write)
    await _tell(chat, kind, number)


async def silence_flooder(chat: Chat, flooder: Identity, room_id: int) -> None:
    """For `communication_flood_silence_minutes`; the moderators of the room are told. A silence that is in force
    already stays as it is."""
    minutes = chat.settings.communication_flood_silence_minutes
    if not minutes:
        return
    user_id, until = flooder.user_id, now() + timedelta(minutes=minutes)
    sanction = Sanction(user_id=user_id, kind="silence", reason=FLOODED, actor_id=THE_CHAT, until=until)

    def write(session: Session) -> bool:
        if people_queries.silence(session, user_id) is not None:
            return False
        _impose(session, THE_CHAT, "silence", sanction)
        return True

    if await chat.database.write(write):
        log.warning("communication: user %d floods the chat and is silenced for %g minutes", user_id, minutes)
        await _tell(chat, "silence", user_id)
        name, length = flooder.username or "", math.ceil(minutes)
        text = f"{name} sent too many messages without a pause and is silenced for {length} minutes."
        values: dict[str, str | int] = {"name": name, "minutes": length}
        notice = Notice(level="warning", text=text, reason="flooder_silenced", values=values)
        await telling.moderators(chat, room_id, notice, but={user_id})


async def turn_switch(chat: Chat, actor: Identity, *, on: bool) -> None:
    """Where it goes off, every process closes its connections with its next round."""
    chat.require_running()
    permissions.administer(actor)

    def write(session: Session) -> None:
        if switch.is_on(session) == on:
            return
        switch.turn(session, on=on)
        audit_queries.record(session, actor, "switch_on" if on else "switch_off")

    await chat.database.write(write)
    log.info("communication: user %d has switched the chat %s", actor.user_id, "on" if on else "off")


def _impose(session: Session, actor: Identity | int, kind: Kind, sanction: Sanction) -> None:
    people_queries.add_sanction(session, sanction)
    until = sanction.until.isoformat() if sanction.until else None
    audit_queries.record(session, actor, kind, target_id=sanction.user_id, reason=sanction.reason, until=until)


async def _tell(chat: Chat, kind: Kind, user_id: int) -> None:
    """Those who are connected to another process are told by its rounds, as are those who are banned."""
    if kind == "silence":
        silence = await chat.database.read(lambda session: people_queries.silence(session, user_id))
        await telling.silence(chat, user_id, silence)
