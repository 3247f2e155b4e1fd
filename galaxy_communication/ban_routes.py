"""REST: bans from one room. Each parses, makes one call."""

from __future__ import annotations

from . import payloads, room_bans
from .moderation_schemas import SanctionEntry
from .rest import Reason, TheChat, TheModerator, make_router

router = make_router("/rooms/{room_id}/bans")


@router.get("", summary="Who is banned from a room, the newest first: for its moderators")
async def get_bans(chat: TheChat, moderator: TheModerator, room_id: str) -> list[SanctionEntry]:
    return await room_bans.listed(chat, moderator, room_id)


@router.put("/{user_id}", summary="Ban somebody from a room", status_code=204, response_model=None)
async def put_ban(
    chat: TheChat, moderator: TheModerator, room_id: str, user_id: str, wanted: payloads.Sanction
) -> None:
    await room_bans.impose(chat, moderator, room_id, user_id, wanted)


@router.delete("/{user_id}", summary="End a ban from a room", status_code=204, response_model=None)
async def delete_ban(chat: TheChat, moderator: TheModerator, room_id: str, user_id: str, reason: Reason = "") -> None:
    await room_bans.lift(chat, moderator, room_id, user_id, reason)
