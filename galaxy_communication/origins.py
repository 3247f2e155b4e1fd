"""Whose pages may use the session of the user who reads them: a browser sends it for any page that asks us."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from .chat import Chat
from .errors import Forbidden


def is_own_origin(chat: Chat, request: HTTPConnection) -> bool:
    """Whether a page of Galaxy's asks, or no page: clients that are no browsers name no origin."""
    origin = request.headers.get("origin")
    if origin is None:
        return True
    try:
        return _is_galaxys(chat, urlsplit(origin), request) or chat.host.allows_origin(origin)
    except ValueError:  # it is no URL, or the host is none
        return False


def require_own_origin(chat: Chat, request: HTTPConnection) -> None:
    if not is_own_origin(chat, request):
        raise Forbidden("Pages of this origin may not use the chat.")


def _is_galaxys(chat: Chat, page: SplitResult, request: HTTPConnection) -> bool:
    galaxy = urlsplit(chat.host.infrastructure_url or "")
    if not page.hostname:
        return False
    if page.scheme == "http" and _came_by_https(request):  # anybody between can have written that page
        return (page.scheme, page.netloc) == (galaxy.scheme, galaxy.netloc)
    hosts = [value for name in ("host", "x-forwarded-host") if (value := request.headers.get(name))]
    if page.netloc in (galaxy.netloc, *hosts):
        return True
    return _is_at_another_port(chat) and page.hostname in {urlsplit(f"//{host}").hostname for host in hosts}


def _came_by_https(request: HTTPConnection) -> bool:
    """As far as we are told: by the first proxy, where proxies say so."""
    scheme = request.headers.get("x-forwarded-proto") or request.scope["scheme"]
    return scheme.partition(",")[0].strip().lower() in ("https", "wss")


def _is_at_another_port(chat: Chat) -> bool:
    """Galaxy is, than this process: at which, nobody says. Cookies do not tell ports apart."""
    settings = chat.settings
    return chat.dedicated and None not in (settings.communication_server_host, settings.communication_server_port)
