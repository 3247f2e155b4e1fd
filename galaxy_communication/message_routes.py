"""REST: messages, their reactions, pins and past, and search. Each parses, makes one call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from . import messages, moderation_schemas, payloads, reports, schemas, search
from .rest import Bound, EncodedQuery, Limit, Reason, SearchText, TheChat, TheMember, make_router

router = make_router()


@router.get("/rooms/{room_id}/messages", summary="A page of a room's messages, the newest first")
async def get_messages(
    chat: TheChat,
    member: TheMember,
    room_id: str,
    before: Bound = None,
    after: Bound = None,
    around: Bound = None,
    limit: Limit = messages.SYNC_PAGE,
) -> list[schemas.Message]:
    return await messages.page(chat, member, room_id, before=before, after=after, around=around, limit=limit)


@router.post("/rooms/{room_id}/messages", summary="Send a message")
async def post_message(chat: TheChat, member: TheMember, room_id: str, body: payloads.MessageBody) -> schemas.Message:
    return await messages.send(chat, member, room_id, body)


@router.get("/rooms/{room_id}/pins", summary="A room's pinned messages, the last pinned first")
async def get_pins(chat: TheChat, member: TheMember, room_id: str) -> list[schemas.Message]:
    return await messages.pins(chat, member, room_id)


@router.get("/messages/{message_id}", summary="One message")
async def get_message(chat: TheChat, member: TheMember, message_id: str) -> schemas.Message:
    return await messages.get(chat, member, message_id)


@router.patch("/messages/{message_id}", summary="Edit a message")
async def edit_message(
    chat: TheChat, member: TheMember, message_id: str, wanted: payloads.MessageUpdate
) -> schemas.Message:
    return await messages.edit(chat, member, message_id, wanted.text)


@router.delete("/messages/{message_id}", summary="Delete a message; its place stays")
async def delete_message(chat: TheChat, member: TheMember, message_id: str, reason: Reason = "") -> schemas.Message:
    return await messages.delete(chat, member, message_id, reason)


@router.get("/messages/{message_id}/revisions", summary="What a message said before, for its author and moderators")
async def get_revisions(chat: TheChat, member: TheMember, message_id: str) -> list[schemas.Revision]:
    return await messages.revisions(chat, member, message_id)


@router.post("/messages/{message_id}/report", summary="Ask the moderators to look at a message")
async def post_report(
    chat: TheChat, member: TheMember, message_id: str, wanted: payloads.MessageReport
) -> moderation_schemas.Report:
    return await reports.report(chat, member, message_id, wanted.reason)


@router.put("/messages/{message_id}/pin", summary="Pin a message")
async def put_pin(chat: TheChat, member: TheMember, message_id: str) -> schemas.Message:
    return await messages.pin(chat, member, message_id, on=True)


@router.delete("/messages/{message_id}/pin", summary="Unpin a message")
async def delete_pin(chat: TheChat, member: TheMember, message_id: str) -> schemas.Message:
    return await messages.pin(chat, member, message_id, on=False)


@router.put("/messages/{message_id}/reactions/{emoji}", summary="React to a message")
async def put_reaction(chat: TheChat, member: TheMember, message_id: str, emoji: str) -> schemas.Message:
    return await messages.react(chat, member, message_id, emoji, on=True)


@router.delete("/messages/{message_id}/reactions/{emoji}", summary="Take your reaction back")
async def delete_reaction(chat: TheChat, member: TheMember, message_id: str, emoji: str) -> schemas.Message:
    return await messages.react(chat, member, message_id, emoji, on=False)


@router.get("/search", summary="Find messages that you may read, the newest first")
async def get_search(
    chat: TheChat,
    member: TheMember,
    q: SearchText,
    room_id: EncodedQuery = None,
    user_id: EncodedQuery = None,
    before: Annotated[str | None, Query(max_length=64, description="the id of a message, or a time")] = None,
    after: Annotated[str | None, Query(max_length=64, description="a time")] = None,
    limit: Limit = messages.SYNC_PAGE,
) -> list[schemas.Message]:
    return await search.find(chat, member, q, room_id=room_id, user_id=user_id, before=before, after=after, limit=limit)
