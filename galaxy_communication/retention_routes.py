"""REST: what administrators decide about what is kept. Each parses, makes one call."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from . import admin_payloads, admin_schemas, keeping
from .rest import TheChat, TheIdentity, TheModerator, make_router

router = make_router("/admin")


@router.get("/retention", summary="For how long messages are kept")
async def get_retention(chat: TheChat, admin: TheIdentity) -> admin_schemas.Retention:
    return await keeping.retention(chat, admin)


@router.put("/retention", summary="Say for how long messages are kept, and whether those of deleted users stay")
async def put_retention(
    chat: TheChat, admin: TheIdentity, wanted: admin_payloads.RetentionUpdate
) -> admin_schemas.Retention:
    return await keeping.set_retention(chat, admin, wanted)


@router.post("/retention/preview", summary="What a purge would remove now")
async def preview_retention(
    chat: TheChat, admin: TheIdentity, wanted: admin_payloads.RetentionUpdate
) -> admin_schemas.RetentionPreview:
    return await keeping.preview(chat, admin, wanted)


@router.delete("/rooms/{room_id}", summary="Remove a room with its messages", status_code=204, response_model=None)
async def delete_room(
    chat: TheChat, admin: TheModerator, room_id: str, name: Annotated[str, Query(max_length=1000)]
) -> None:
    await keeping.remove_room(chat, admin, room_id, name)
