"""REST: rooms, who is in them, and one's own place in them. Each parses, makes one call."""

from __future__ import annotations

from . import creation, members, messages, payloads, room_settings, rooms, schemas
from .rest import EncodedQuery, Limit, Reason, SearchText, TheChat, TheMember, make_router

router = make_router()


@router.get("/rooms", summary="The rooms that you may see: yours, and those that you may join")
async def get_rooms(
    chat: TheChat, member: TheMember, query: SearchText = "", limit: Limit = rooms.MAX_TO_JOIN
) -> list[schemas.Room]:
    return await rooms.visible_to(chat, member, query=query, limit=limit)


@router.post("/rooms", summary="Make a room, or a conversation of two")
async def post_room(chat: TheChat, member: TheMember, wanted: payloads.RoomCreate) -> schemas.Room:
    return await creation.create(chat, member, wanted)


@router.get("/rooms/{room_id}", summary="One room")
async def get_room(chat: TheChat, member: TheMember, room_id: str) -> schemas.Room:
    return await rooms.get(chat, member, room_id)


@router.patch("/rooms/{room_id}", summary="Change what a room is, archive it or bring it back")
async def patch_room(chat: TheChat, member: TheMember, room_id: str, wanted: payloads.RoomUpdate) -> schemas.Room:
    return await room_settings.update(chat, member, room_id, wanted)


@router.delete("/rooms/{room_id}", summary="Archive a room", status_code=204, response_model=None)
async def archive_room(chat: TheChat, member: TheMember, room_id: str) -> None:
    await room_settings.update(chat, member, room_id, payloads.RoomUpdate(archived=True))


@router.post("/rooms/{room_id}/membership", summary="Join a room")
async def join_room(chat: TheChat, member: TheMember, room_id: str) -> schemas.Room:
    return await rooms.join(chat, member, room_id=room_id)


@router.patch("/rooms/{room_id}/membership", summary="How much of a room you want to hear")
async def patch_membership(
    chat: TheChat, member: TheMember, room_id: str, wanted: payloads.MembershipUpdate
) -> schemas.Room:
    return await members.set_own(chat, member, room_id, wanted)


@router.delete("/rooms/{room_id}/membership", summary="Leave a room", status_code=204, response_model=None)
async def leave_room(chat: TheChat, member: TheMember, room_id: str) -> None:
    await rooms.leave(chat, member, room_id)


@router.put("/rooms/{room_id}/read", summary="How far you have read a room")
async def put_read(chat: TheChat, member: TheMember, room_id: str, pointer: payloads.ReadPointer) -> schemas.Room:
    return await members.set_read(chat, member, room_id, pointer)


@router.get("/rooms/{room_id}/members", summary="Who is in a room, the newest accounts first")
async def get_members(
    chat: TheChat,
    member: TheMember,
    room_id: str,
    query: SearchText = "",
    before: EncodedQuery = None,
    limit: Limit = messages.MAX_PAGE,
) -> list[schemas.Member]:
    return await members.listed(chat, member, room_id, query=query, before=before, limit=limit)


@router.post("/rooms/{room_id}/members", summary="Invite people to a room")
async def post_members(
    chat: TheChat, member: TheMember, room_id: str, wanted: payloads.Invitation
) -> list[schemas.Member]:
    return await members.invite(chat, member, room_id, wanted)


@router.patch("/rooms/{room_id}/members/{user_id}", summary="Make somebody a moderator, or hand the room over")
async def patch_member(
    chat: TheChat, member: TheMember, room_id: str, user_id: str, wanted: payloads.MemberUpdate
) -> schemas.Member:
    return await members.set_role(chat, member, room_id, user_id, wanted.role)


@router.delete("/rooms/{room_id}/members/{user_id}", summary="Remove somebody", status_code=204, response_model=None)
async def delete_member(chat: TheChat, member: TheMember, room_id: str, user_id: str, reason: Reason = "") -> None:
    await members.remove(chat, member, room_id, user_id, reason)
