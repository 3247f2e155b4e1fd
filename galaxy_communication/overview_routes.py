"""REST: what administrators see of the whole server, its rooms and its people. Each parses, makes one call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from . import admin_people, admin_rooms, figures, payloads, scraping, usage
from .admin_schemas import AdminRoom, AdminUser, Figures, GalaxyGroup, Statistics
from .rest import EncodedQuery, Limit, SearchText, TheChat, TheIdentity, TheModerator, make_router
from .schemas import RoomKind

router = make_router("/admin")


@router.get("/figures", summary="How the chat is, and what you should know")
async def get_figures(chat: TheChat, admin: TheIdentity) -> Figures:
    return await figures.now_of(chat, admin)


@router.get("/metrics", summary="What all processes count, for Prometheus", response_class=PlainTextResponse)
async def get_metrics(chat: TheChat, admin: TheIdentity) -> Response:
    return Response(await scraping.page(chat, admin), media_type=CONTENT_TYPE_LATEST)


@router.get("/statistics", summary="How much was said on each of the last days, by how many, and where")
async def get_statistics(
    chat: TheChat, admin: TheIdentity, days: Annotated[int, Query(ge=1, le=366)] = 30
) -> Statistics:
    return await usage.over(chat, admin, days)


@router.get("/rooms", summary="All rooms but conversations of two, the newest first")
async def get_rooms(
    chat: TheChat,
    admin: TheIdentity,
    query: SearchText = "",
    kind: RoomKind | None = None,
    archived: bool | None = None,
    before: EncodedQuery = None,
    limit: Limit = 50,
) -> list[AdminRoom]:
    return await admin_rooms.listed(chat, admin, query=query, kind=kind, archived=archived, before=before, limit=limit)


@router.patch("/rooms/{room_id}", summary="Change what a room is, also one that you are not in")
async def patch_room(chat: TheChat, admin: TheModerator, room_id: str, wanted: payloads.RoomUpdate) -> AdminRoom:
    return await admin_rooms.update(chat, admin, room_id, wanted)


@router.get("/groups", summary="Galaxy's groups and roles, and which of them have a room")
async def get_groups(chat: TheChat, admin: TheIdentity, query: SearchText = "") -> list[GalaxyGroup]:
    return await admin_rooms.galaxys_groups(chat, admin, query)


@router.get("/users", summary="Who has come to the chat, or, by the beginning of a name or address, Galaxy's users")
async def get_users(
    chat: TheChat, admin: TheIdentity, query: SearchText = "", before: EncodedQuery = None, limit: Limit = 50
) -> list[AdminUser]:
    return await admin_people.listed(chat, admin, query=query, before=before, limit=limit)
