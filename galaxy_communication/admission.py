"""Who is let in: the same questions at both doors, the socket's and REST's."""

from __future__ import annotations

from starlette.requests import HTTPConnection

from .chat import Chat
from .errors import Disabled, Forbidden
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
        raise Disabled("Chat is switched off in your Galaxy preferences.")
    return identity
