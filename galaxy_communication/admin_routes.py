"""REST: what administrators and moderators do and look up. Each parses, makes one call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from . import audit, moderation, payloads, reports
from .moderation_schemas import AuditEntry, ReportedMessage, SanctionEntry
from .rest import EncodedQuery, Limit, Reason, TheChat, TheIdentity, TheModerator, make_router

router = make_router("/admin")


@router.put("/silences/{user_id}", summary="Silence somebody", status_code=204, response_model=None)
async def put_silence(chat: TheChat, admin: TheIdentity, user_id: str, wanted: payloads.Sanction) -> None:
    await moderation.impose(chat, admin, "silence", user_id, wanted)


@router.delete("/silences/{user_id}", summary="End a silence", status_code=204, response_model=None)
async def delete_silence(chat: TheChat, admin: TheIdentity, user_id: str, reason: Reason = "") -> None:
    await moderation.lift(chat, admin, "silence", user_id, reason)


@router.put("/bans/{user_id}", summary="Ban somebody from the chat", status_code=204, response_model=None)
async def put_ban(chat: TheChat, admin: TheIdentity, user_id: str, wanted: payloads.Sanction) -> None:
    await moderation.impose(chat, admin, "ban", user_id, wanted)


@router.delete("/bans/{user_id}", summary="End a ban", status_code=204, response_model=None)
async def delete_ban(chat: TheChat, admin: TheIdentity, user_id: str, reason: Reason = "") -> None:
    await moderation.lift(chat, admin, "ban", user_id, reason)


@router.get("/audit", summary="Who did what to whom, the newest first")
async def get_audit(
    chat: TheChat,
    admin: TheIdentity,
    actor: EncodedQuery = None,
    target: EncodedQuery = None,
    room_id: EncodedQuery = None,
    before: EncodedQuery = None,
    limit: Limit = 50,
) -> list[AuditEntry]:
    return await audit.acts(chat, admin, actor=actor, target=target, room_id=room_id, before=before, limit=limit)


@router.get("/sanctions", summary="Silences and bans, the newest first")
async def get_sanctions(
    chat: TheChat,
    admin: TheIdentity,
    active: bool | None = None,
    user_id: EncodedQuery = None,
    before: EncodedQuery = None,
    limit: Limit = 50,
) -> list[SanctionEntry]:
    return await audit.sanctions(chat, admin, active=active, user_id=user_id, before=before, limit=limit)


@router.get("/reports", summary="Reported messages, the newest first: of all rooms, or of those that you moderate")
async def get_reports(
    chat: TheChat,
    moderator: TheModerator,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    before: EncodedQuery = None,
    limit: Limit = 50,
) -> list[ReportedMessage]:
    return await reports.listed(chat, moderator, is_open=is_open, before=before, limit=limit)


@router.put("/reports/{report_id}", summary="Say what became of a report")
async def put_report(
    chat: TheChat, moderator: TheModerator, report_id: str, wanted: payloads.Resolution
) -> ReportedMessage:
    return await reports.resolve(chat, moderator, report_id, wanted)
