"""Silences (may read, not write) and bans (is not let in), said by administrators."""

from __future__ import annotations

from . import payloads, people_queries, telling
from .chat import Chat
from .errors import Forbidden, Invalid, NotFound
from .models import Sanction, now
from .permissions import Identity


async def impose(chat: Chat, actor: Identity, kind: str, user_id: str, wanted: payloads.Sanction) -> None:
    """Replaces one of this kind that is in force. Connections of a banned user end with the next round."""
    _require_admin(chat, actor)
    number = chat.decode_id(user_id)
    if wanted.until is not None and wanted.until <= now():
        raise Invalid("until: this moment is past.")
    known = await chat.database.in_thread(lambda: chat.host.known_users({number}))
    if number not in known:
        raise NotFound("There is nobody with this id.")
    sanction = Sanction(
        user_id=number, kind=kind, reason=wanted.reason.strip(), actor_id=actor.user_id, until=wanted.until
    )
    await chat.database.write(lambda session: people_queries.add_sanction(session, sanction))
    await _tell(chat, kind, number)


async def lift(chat: Chat, actor: Identity, kind: str, user_id: str) -> None:
    _require_admin(chat, actor)
    number = chat.decode_id(user_id)
    await chat.database.write(lambda session: people_queries.lift_sanctions(session, kind, number))
    await _tell(chat, kind, number)


def _require_admin(chat: Chat, actor: Identity) -> None:
    chat.require_running()
    if not actor.is_admin:
        raise Forbidden("Only administrators can do this.")


async def _tell(chat: Chat, kind: str, user_id: int) -> None:
    """Those who are connected to another process are told by its rounds, as are those who are banned."""
    if kind == "silence":
        silence = await chat.database.read(lambda session: people_queries.silence(session, user_id))
        await telling.silence(chat, user_id, silence)
