"""REST: exports. Each parses, makes one call, and sends what comes of it line by line."""

from __future__ import annotations

from typing import Any

from fastapi.responses import StreamingResponse

from . import exports
from .chat import Chat
from .exports import Export
from .rest import TheChat, TheIdentity, TheModerator, make_router

router = make_router()
#: In Galaxy's API description.
LINES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/x-ndjson": {}}, "description": "A message a line"}
}


@router.get(
    "/admin/rooms/{room_id}/export", summary="All messages of a room", response_class=StreamingResponse, responses=LINES
)
async def export_room(chat: TheChat, admin: TheModerator, room_id: str) -> StreamingResponse:
    return _sent(chat, await exports.of_room(chat, admin, room_id), "room")


@router.get("/export", summary="All messages that you have written", response_class=StreamingResponse, responses=LINES)
async def export_own(chat: TheChat, author: TheIdentity) -> StreamingResponse:
    return _sent(chat, await exports.of_author(chat, author), "messages")


def _sent(chat: Chat, export: Export, name: str) -> StreamingResponse:
    headers = {"X-Total-Count": str(export.count), "Content-Disposition": f'attachment; filename="{name}.jsonl"'}
    return StreamingResponse(exports.stream(chat, export), headers=headers, media_type="application/x-ndjson")
