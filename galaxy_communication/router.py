"""The REST interface, one router on Galaxy's own API. Parses, makes one call; knows operations, not storage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, cast

from fastapi import APIRouter, Depends, Header, Query, Request, Response, Security
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, APIKeyHeader, APIKeyQuery, HTTPAuthorizationCredentials, HTTPBearer

from . import __version__, events, messages, rooms, schemas
from .admission import admitted, require_own_origin
from .chat import Chat
from .errors import ChatError, Forbidden, NotAuthenticated
from .permissions import Credentials, Identity

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class ErrorShapingRoute(APIRoute):
    """Answers a domain error in Galaxy's shape, with the contract's own words beside it in ``error``."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        handle = super().get_route_handler()

        async def handle_shaped(request: Request) -> Response:
            try:
                return await handle(request)
            except ChatError as error:
                described = {"code": error.code, "message": error.message, "retry_after": error.retry_after}
                content = {"err_msg": error.message, "err_code": error.galaxy_code, "error": described}
                headers = {} if error.retry_after is None else {"Retry-After": str(round(error.retry_after + 0.5))}
                return JSONResponse(content, error.status, headers)

        return handle_shaped


router = APIRouter(prefix="/api/communication", tags=["communication"], route_class=ErrorShapingRoute)


def get_chat(request: Request) -> Chat:
    return cast(Chat, request.app.state.communication)


TheChat = Annotated[Chat, Depends(get_chat)]


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
    return await chat.database.in_thread(lambda: chat.host.identify(given))


async def get_member(chat: TheChat, given: TheCredentials) -> Identity:
    """Somebody who has switched chat on for themselves."""
    member = await chat.database.in_thread(lambda: admitted(chat, given))
    await rooms.arrive(chat, member)
    return member


TheIdentity = Annotated[Identity, Depends(get_identity)]
TheMember = Annotated[Identity, Depends(get_member)]
Bound = Annotated[int | None, Query(ge=0, le=2**53 - 1)]


@router.get("/status", summary="Whether chat is available to you, and where")
async def get_status(chat: TheChat, given: TheCredentials) -> schemas.Status:
    try:
        identity: Identity | None = await chat.database.in_thread(lambda: chat.host.identify(given))
    except (NotAuthenticated, Forbidden):
        identity = None
    enabled = chat.failure is None
    user_enabled = identity is not None and await chat.database.in_thread(
        lambda: chat.host.chat_enabled(identity.user_id)
    )
    available = enabled and user_enabled
    path = f"{chat.host.prefix}/communication/socket.io"
    return schemas.Status(
        enabled=enabled,
        user_enabled=user_enabled,
        available=available,
        version=__version__,
        socket=schemas.Socket(path=path, namespace=events.NAMESPACE, url=None),
        unread=await rooms.total_unread(chat, identity) if identity is not None and available else 0,
        mentions=0,
    )


@router.get("/preferences", summary="Your own chat preferences")
async def get_preferences(chat: TheChat, identity: TheIdentity) -> schemas.Preferences:
    enabled = await chat.database.in_thread(lambda: chat.host.chat_enabled(identity.user_id))
    return schemas.Preferences(enabled=enabled)


@router.put("/preferences", summary="Change your own chat preferences")
async def put_preferences(
    chat: TheChat, identity: TheIdentity, wanted: schemas.PreferencesUpdate
) -> schemas.Preferences:
    await chat.database.in_thread(lambda: chat.host.set_chat_enabled(identity.user_id, wanted.enabled))
    return schemas.Preferences(enabled=wanted.enabled)


@router.get("/rooms", summary="The rooms that you may see")
async def get_rooms(chat: TheChat, member: TheMember) -> list[schemas.Room]:
    return await rooms.visible_to(chat, member)


@router.get("/rooms/{room_id}", summary="One room")
async def get_room(chat: TheChat, member: TheMember, room_id: str) -> schemas.Room:
    return await rooms.get(chat, member, room_id)


@router.post("/rooms/{room_id}/membership", summary="Join a room")
async def join_room(chat: TheChat, member: TheMember, room_id: str) -> schemas.Room:
    return await rooms.join(chat, member, room_id=room_id)


@router.delete("/rooms/{room_id}/membership", summary="Leave a room", status_code=204, response_model=None)
async def leave_room(chat: TheChat, member: TheMember, room_id: str) -> None:
    await rooms.leave(chat, member, room_id)


@router.get("/rooms/{room_id}/messages", summary="A page of a room's messages, the newest first")
async def get_messages(
    chat: TheChat,
    member: TheMember,
    room_id: str,
    before: Bound = None,
    after: Bound = None,
    around: Bound = None,
    limit: Annotated[int, Query(ge=1, le=messages.MAX_PAGE)] = messages.SYNC_PAGE,
) -> list[schemas.Message]:
    return await messages.page(chat, member, room_id, before=before, after=after, around=around, limit=limit)


@router.post("/rooms/{room_id}/messages", summary="Send a message")
async def post_message(chat: TheChat, member: TheMember, room_id: str, body: schemas.MessageBody) -> schemas.Message:
    return await messages.send(chat, member, room_id, body)


@router.get("/messages/{message_id}", summary="One message")
async def get_message(chat: TheChat, member: TheMember, message_id: str) -> schemas.Message:
    return await messages.get(chat, member, message_id)


@router.patch("/messages/{message_id}", summary="Edit a message")
async def edit_message(
    chat: TheChat, member: TheMember, message_id: str, wanted: schemas.MessageUpdate
) -> schemas.Message:
    return await messages.edit(chat, member, message_id, wanted.text)


@router.delete("/messages/{message_id}", summary="Delete a message; its place stays")
async def delete_message(chat: TheChat, member: TheMember, message_id: str) -> schemas.Message:
    return await messages.delete(chat, member, message_id)


@router.put("/messages/{message_id}/reactions/{emoji}", summary="React to a message")
async def put_reaction(chat: TheChat, member: TheMember, message_id: str, emoji: str) -> schemas.Message:
    return await messages.react(chat, member, message_id, emoji, on=True)


@router.delete("/messages/{message_id}/reactions/{emoji}", summary="Take your reaction back")
async def delete_reaction(chat: TheChat, member: TheMember, message_id: str, emoji: str) -> schemas.Message:
    return await messages.react(chat, member, message_id, emoji, on=False)
