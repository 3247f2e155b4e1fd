"""Who is let in: the same questions at both doors, the socket's and REST's."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import HTTPConnection

from . import people_queries, switch
from .chat import Chat
from .errors import ChatError, Disabled, Forbidden
from .models import Sanction
from .permissions import Credentials, Identity


def require_own_origin(chat: Chat, request: HTTPConnection) -> None:
    """Raises `Forbidden` for a browser page that may not use its user's session here."""
    hosts = [value for name in ("host", "x-forwarded-host") if (value := request.headers.get(name))]
    if not chat.host.origin_allowed(request.headers.get("origin"), hosts):
        raise Forbidden("Pages of this origin may not use the chat.")


def admitted(chat: Chat, credentials: Credentials) -> Identity:
    """Who this is, if they may use the chat. Blocks."""
    identity = chat.host.identify(credentials)
    if not chat.host.chat_enabled(identity.user_id):
        raise Disabled("Chat is switched off in your Galaxy preferences.", reason="own_switch_off")
    chat.require_running()
    is_on, ban = chat.database.read_now(
        lambda session: (switch.is_on(session), people_queries.bans(session, {identity.user_id}))
    )
    if not is_on:
        raise switch.switched_off()
    if ban:
        raise _banned(ban[identity.user_id])
    return identity


def no_longer_admitted(chat: Chat, identities: Collection[Identity]) -> dict[Identity, ChatError]:
    """Of those who were admitted before, the ones who would not be now, and why. Blocks."""
    gone = chat.host.no_longer_welcome(identities)
    user_ids = {identity.user_id for identity in identities}
    is_on, bans = chat.database.read_now(
        lambda session: (switch.is_on(session), people_queries.bans(session, user_ids))
    )
    if not is_on:
        return dict.fromkeys(identities, switch.switched_off())
    gone |= {identity: _banned(bans[identity.user_id]) for identity in identities if identity.user_id in bans}
    return gone


def _banned(ban: Sanction) -> Forbidden:
    message = f"You are banned from the chat. {ban.reason}".strip()
    return Forbidden(message, retry_after=ban.seconds_left(), reason="banned", why=ban.reason)
