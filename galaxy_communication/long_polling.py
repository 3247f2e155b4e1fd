"""Which of Engine.IO's transports work here. Long polling is many requests of one session, and processes that share a
listening socket each get some of them: it works only where one process serves."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.orm import Session
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from . import pulse, worker_queries
from .chat import Chat
from .schemas import Transport

REFUSED = JSONResponse({"err_msg": "Several processes serve the chat: use a WebSocket."}, 400)
#: Every page of Galaxy's asks; the answer changes when a process begins or ends.
KEPT_SECONDS = 5.0


async def offered(chat: Chat) -> list[Transport]:
    """Where the chat is served, which may not be here."""
    alone = chat.pulse.alone if chat.elsewhere is None else await _one_elsewhere(chat)
    return ["websocket", "polling"] if alone else ["websocket"]


async def _one_elsewhere(chat: Chat) -> bool:
    now = asyncio.get_running_loop().time()
    until, is_one = chat.one_elsewhere
    if chat.failure is None and now >= until:
        is_one = await chat.database.read(_one_serves)
        chat.one_elsewhere = now + KEPT_SECONDS, is_one
    return is_one


def _one_serves(session: Session) -> bool:
    """And for a whole beat: so by then it has offered long polling itself."""
    alive = worker_queries.alive(session)
    return len(alive) == 1 and alive[0].seen_at - alive[0].started_at >= timedelta(seconds=pulse.BEAT_SECONDS)


class Door:
    """Before the socket: lets no polling in where it cannot work, rather than half of its requests. What Engine.IO does
    not keep of a request is noted here."""

    def __init__(self, chat: Chat, app: ASGIApp) -> None:
        self._chat = chat
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._chat.pulse.alone:
            await REFUSED(scope, receive, send)
            return
        self._chat.drain.hold(scope, receive)
        with self._chat.broadcast.backpressure.serving(scope, receive):
            await self._app(scope, receive, send)
