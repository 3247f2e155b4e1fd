"""Which of Engine.IO's transports work here. Long polling is many requests of one session, and processes that share a
listening socket each get some of them: it works only where one process serves."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from .chat import Chat
from .schemas import Transport

REFUSED = JSONResponse({"err_msg": "Several processes serve the chat: use a WebSocket."}, 400)


def offered(chat: Chat) -> list[Transport]:
    return ["websocket", "polling"] if chat.pulse.alone else ["websocket"]


class Door:
    """Before the socket: lets no polling in where it cannot work, rather than half of its requests. What Engine.IO does
    not keep of a request is noted here."""

    def __init__(self, chat: Chat, app: ASGIApp) -> None:
        self._chat = chat
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "polling" not in offered(self._chat):
            await REFUSED(scope, receive, send)
            return
        self._chat.drain.hold(scope, send)
        with self._chat.broadcast.backpressure.serving(scope, send):
            await self._app(scope, receive, send)
