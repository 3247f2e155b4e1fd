"""The REST interface, one router on Galaxy's own API: status, preferences, people; rooms, messages and what is
for administrators from their own modules. Parses, makes one call; knows operations, not storage."""

from __future__ import annotations

from . import (
    __version__,
    admin_routes,
    ban_routes,
    events,
    export_routes,
    filter_routes,
    introduction,
    long_polling,
    members,
    message_routes,
    messages,
    moderation,
    overview_routes,
    payloads,
    people,
    retention_routes,
    room_routes,
    schemas,
    switch,
)
from .errors import Forbidden, NotAuthenticated
from .identity import Identity
from .rest import SearchText, TheChat, TheCredentials, TheIdentity, TheMember, make_router

router = make_router("/api/communication")
router.tags = ["communication"]
router.include_router(room_routes.router)
router.include_router(message_routes.router)
router.include_router(admin_routes.router)
router.include_router(filter_routes.router)
router.include_router(overview_routes.router)
router.include_router(retention_routes.router)
router.include_router(export_routes.router)
router.include_router(ban_routes.router)


@router.get("/status", summary="Whether chat is available to you, and where")
async def get_status(chat: TheChat, given: TheCredentials) -> schemas.Status:
    try:
        identity: Identity | None = await chat.database.in_thread(lambda: chat.host.identify(given))
    except (NotAuthenticated, Forbidden):
        identity = None
    enabled = chat.failure is None and await chat.database.read(switch.is_on)
    user_enabled = identity is not None and await chat.database.in_thread(
        lambda: chat.host.chat_enabled(identity.user_id)
    )
    available = enabled and user_enabled
    path = f"{chat.host.prefix}/communication/socket.io"
    unread, mentions = await members.attention(chat, identity) if identity is not None and available else (0, 0)
    language = await people.language(chat, identity) if identity is not None and available else None
    return schemas.Status(
        enabled=enabled,
        user_enabled=user_enabled,
        available=available,
        is_admin=identity is not None and identity.is_admin,
        version=__version__,
        socket=schemas.Socket(
            path=path,
            namespace=events.NAMESPACE,
            url=chat.settings.server_url,
            transports=await long_polling.offered(chat),
        ),
        unread=unread,
        mentions=mentions,
        language=language,
        warnings=chat.warnings if identity is not None and identity.is_admin else [],
    )


@router.put("/status", summary="Administrators: switch chat on or off for everybody")
async def put_status(
    chat: TheChat, admin: TheIdentity, given: TheCredentials, wanted: payloads.StatusUpdate
) -> schemas.Status:
    await moderation.turn_switch(chat, admin, on=wanted.enabled)
    return await get_status(chat, given)


@router.get("/hello", summary="What the socket says first, for clients that cannot have one")
async def get_hello(chat: TheChat, member: TheMember) -> schemas.Ready:
    return await introduction.without_connection(chat, member)


@router.post("/sync", summary="What changed in rooms after the numbers given, as over the socket")
async def post_sync(chat: TheChat, member: TheMember, wanted: payloads.Sync) -> schemas.SyncAck:
    return schemas.SyncAck(rooms=await messages.sync(chat, member, wanted.rooms))


@router.get("/preferences", summary="Your own chat preferences")
async def get_preferences(chat: TheChat, identity: TheIdentity) -> schemas.Preferences:
    return await people.preferences(chat, identity)


@router.put("/preferences", summary="Change your own chat preferences")
async def put_preferences(
    chat: TheChat, identity: TheIdentity, wanted: payloads.PreferencesUpdate
) -> schemas.Preferences:
    return await people.set_preferences(chat, identity, wanted)


@router.get("/users", summary="People you can address, by the beginning of their public name")
async def get_users(chat: TheChat, member: TheMember, query: SearchText = "") -> list[schemas.User]:
    return await people.find(chat, member, query)


@router.get("/mutes", summary="The people whom you do not want to hear")
async def get_mutes(chat: TheChat, member: TheMember) -> list[schemas.User]:
    return await people.muted_by(chat, member)


@router.put("/users/{user_id}/mute", summary="Mute a person", status_code=204, response_model=None)
async def put_mute(chat: TheChat, member: TheMember, user_id: str) -> None:
    await people.set_muted(chat, member, user_id, on=True)


@router.delete("/users/{user_id}/mute", summary="Hear a person again", status_code=204, response_model=None)
async def delete_mute(chat: TheChat, member: TheMember, user_id: str) -> None:
    await people.set_muted(chat, member, user_id, on=False)
