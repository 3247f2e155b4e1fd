"""What all REST routes have in common: who asks, and how an error is answered in Galaxy's shape."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, APIKeyHeader, APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator

from . import messages, payloads, rooms
from .admission import acting, admitted
from .chat import Chat
from .errors import ChatError, Invalid
from .identity import Credentials, Identity
from .origins import require_own_origin
from .schemas import no_nul

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
#: What Galaxy's own process answers also where another one serves the chat.
EVERYWHERE = tuple(f"/api/communication/{name}" for name in ("status", "preferences", "export"))


class ErrorShapingRoute(APIRoute):
    """Answers a domain error, or what does not fit the declared parameters, in Galaxy's shape, with the contract's own
    words beside it in ``error``."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def handle_shaped(request: Request) -> Response:
            try:
                return await handle(request)
            except ChatError as error:
                return _refused(request, error)
            except RequestValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"][1:])
                return _refused(request, Invalid(f"{place + ': ' if place else ''}{first['msg']}"))

        return handle_shaped


def _refused(request: Request, error: ChatError) -> Response:
    get_chat(request).metrics.refused("rest", error.code)
    content = {"err_msg": error.message, "err_code": error.galaxy_code, "error": error.described()}
    headers = {} if error.retry_after is None else {"Retry-After": str(math.ceil(error.retry_after))}
    return JSONResponse(content, error.status, headers)


def make_router(prefix: str = "") -> APIRouter:
    return APIRouter(prefix=prefix, route_class=ErrorShapingRoute)


def get_chat(request: Request) -> Chat:
    return cast(Chat, request.app.state.communication)


def get_chat_here(request: Request) -> Chat:
    chat = get_chat(request)
    if request.scope["route"].path not in EVERYWHERE:
        chat.require_here()
    return chat


TheChat = Annotated[Chat, Depends(get_chat_here)]


def credentials(
    request: Request,
    chat: TheChat,
    session_cookie: Annotated[str | None, Security(APIKeyCookie(name="galaxysession", auto_error=False))],
    key: Annotated[str | None, Security(APIKeyQuery(name="key", auto_error=False))],
    x_api_key: Annotated[str | None, Security(APIKeyHeader(name="x-api-key", auto_error=False))],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(HTTPBearer(auto_error=False))],
    run_as: Annotated[str | None, Header()] = None,
) -> Credentials:
    if request.method not in SAFE_METHODS:
        require_own_origin(chat, request)
    return Credentials(session_cookie, key or x_api_key, bearer.credentials if bearer else None, run_as)


TheCredentials = Annotated[Credentials, Depends(credentials)]


async def get_identity(chat: TheChat, given: TheCredentials) -> Identity:
    return await chat.database.in_thread(lambda: acting(chat, chat.host.identify(given)))


async def get_member(chat: TheChat, given: TheCredentials) -> Identity:
    """Somebody who has switched chat on for themselves."""
    member = await chat.database.in_thread(lambda: admitted(chat, given))
    await rooms.arrive(chat, member)
    return member


async def get_moderator(chat: TheChat, given: TheCredentials) -> Identity:
    """Anybody who uses chat may moderate a room; administrators also look after one that they do not use."""
    identity = await chat.database.in_thread(lambda: chat.host.identify(given))
    if not identity.is_admin:
        return await get_member(chat, given)
    return await chat.database.in_thread(lambda: acting(chat, identity))


TheIdentity = Annotated[Identity, Depends(get_identity)]
TheModerator = Annotated[Identity, Depends(get_moderator)]
TheMember = Annotated[Identity, Depends(get_member)]
#: Numbers of a room's changes.
Bound = Annotated[int | None, Query(ge=0, le=2**53 - 1)]
Limit = Annotated[int, Query(ge=1, le=messages.MAX_PAGE)]
EncodedQuery = Annotated[str | None, Query(max_length=64)]
SearchText = Annotated[str, Query(max_length=200), AfterValidator(no_nul)]
#: Of what has no body to say it in.
Reason = Annotated[str, Query(max_length=payloads.MAX_REASON_LENGTH), AfterValidator(no_nul)]
