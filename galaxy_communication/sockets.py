"""The Socket.IO namespace: parses, makes one call, maps the outcome to an ack. Knows operations, not storage."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import socketio
from pydantic import ValidationError
from starlette.requests import HTTPConnection

from . import broadcast, creation, events, members, messages, payloads, rooms, schemas
from .admission import admitted
from .chat import Chat
from .errors import ChatError, Invalid, NotAuthenticated, Overloaded
from .events import ClientEvent
from .identity import Credentials, Identity
from .introduction import introduction
from .log_lines import line
from .origins import require_own_origin
from .pacing import Pacing
from .presence import Connection
from .watch import Watch

log = logging.getLogger(__name__)

#: The largest frame a client may send, in bytes: the longest message, escaped, and room to spare.
MAX_FRAME_BYTES = 2_000_000

P = TypeVar("P", bound=payloads.Payload)
Handler = Callable[[Chat, Connection, P], Awaitable[schemas.Wire]]


def make_server() -> socketio.AsyncServer:
    """Origins are checked in the namespace, with Galaxy's rule and the contract's error.

    Below WARNING these libraries log every packet, and a message's text is nobody's to log.
    """
    quiet = logging.getLogger(f"{__name__}.socketio"), logging.getLogger(f"{__name__}.engineio")
    for logger in quiet:
        logger.setLevel(logging.WARNING)
    return socketio.AsyncServer(
        async_mode="asgi",
        cors_allowed_origins=[],
        max_http_buffer_size=MAX_FRAME_BYTES,
        logger=quiet[0],
        engineio_logger=quiet[1],
    )


class ChatNamespace(socketio.AsyncNamespace):  # type: ignore[misc]  # python-socketio is untyped
    """Handlers run concurrently, each started in the order in which its event arrived; what must keep that order
    (all that changes messages) takes its place in a queue before it first awaits."""

    def __init__(self, chat: Chat, watch: Watch) -> None:
        super().__init__(events.NAMESPACE)
        self._chat = chat
        self._watch = watch
        self._pacing = Pacing()
        self._tasks: set[asyncio.Task[None]] = set()

    async def trigger_event(self, event: object, *args: Any) -> Any:
        """All events come here. A client can send one that is named like Socket.IO's own "connect" or "disconnect":
        those are real only while its connection is not, or no longer, established."""
        sid: str = args[0]
        connection = self._chat.connections.get(sid)
        if event == "connect" and connection is None:
            return await self._connect(*args)
        if event == "disconnect" and not self.server.manager.is_connected(sid, self.namespace):
            if connection is not None:
                log.info(line("connection ended", **self._chat.logged(sid)))
                self._chat.connections.remove(sid)
            return None
        began = time.perf_counter()
        name = event if isinstance(event, str) and event in HANDLERS else "unknown"
        answer = await self._answer(sid, event, args[1:])
        self._chat.metrics.acked(name, time.perf_counter() - began)
        return answer

    async def _connect(self, sid: str, environ: dict[str, Any], auth: object = None) -> None:
        request = HTTPConnection(environ["asgi.scope"])
        async with AsyncExitStack() as turn:
            try:
                self._chat.require_here()
                self._chat.require_running()
                require_own_origin(self._chat, request)
                await turn.enter_async_context(self._pacing.turn())
                self._chat.drain.require_staying()
                connection = Connection(sid, await self._admit(request, auth))
            except Exception as error:
                raise self._turned_away(sid, error) from error
            self._chat.connections.add(connection)
            self._chat.metrics.connects.inc()
            log.info(line("connection made", **self._chat.logged(connection.sid)))
            self._watch.wake()
            task = asyncio.get_running_loop().create_task(self._welcome(connection, turn.pop_all()))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _turned_away(self, sid: str, error: Exception) -> socketio.exceptions.ConnectionRefusedError:
        if not isinstance(error, ChatError):
            log.exception(line("a connection failed", **self._chat.logged(sid)))
            error = Overloaded("Something went wrong in the chat server.")
        self._chat.metrics.turned_away(error.code)
        log.info(line("connection refused", **self._chat.logged(sid), code=error.code, reason=error.reason))
        return socketio.exceptions.ConnectionRefusedError(error.message, refusal(error))

    async def _admit(self, request: HTTPConnection, auth: object) -> Identity:
        api_key = auth.get("api_key") if isinstance(auth, dict) else None
        if api_key is not None and not isinstance(api_key, str):
            raise Invalid("api_key must be a string.")
        credentials = Credentials(session_cookie=request.cookies.get("galaxysession"), api_key=api_key)
        try:
            identity = await self._chat.database.in_thread(lambda: admitted(self._chat, credentials))
        except Overloaded as error:
            raise unhurried(error) from error
        await self._chat.limits.take("connections", identity.user_id)
        return identity

    async def _welcome(self, connection: Connection, turn: AsyncExitStack) -> None:
        async with turn:
            await self._introduce(connection)

    async def _introduce(self, connection: Connection) -> None:
        """Subscribe first, then read: nothing falls between the state in `ready` and the events after it."""
        chat, identity = self._chat, connection.identity
        try:
            await rooms.arrive(chat, identity)
            chat.connections.move(connection, await rooms.joined_by(chat, identity))
            audiences = [broadcast.room_audience(room_id) for room_id in connection.room_ids]
            await chat.broadcast.subscribe(connection.sid, broadcast.user_audience(identity.user_id), *audiences)
            ready = await introduction(chat, connection)
        except ChatError as error:
            await self._watch.close(connection, unhurried(error))
        except Exception:
            log.exception(line("connection could not be welcomed", **chat.logged(connection.sid)))
            await self._watch.close(connection, Overloaded("The chat server could not read your rooms."))
        else:
            for room in ready.rooms:
                if room.joined:
                    chat.broadcast.told.setdefault(chat.host.decode_id(room.id), room.head_seq)
            connection.ready = True
            chat.catch_up.wake()
            chat.broadcast.send(events.READY, ready, connection.sid)

    async def _answer(self, sid: str, event: object, args: tuple[Any, ...]) -> dict[str, Any]:
        try:
            connection = self._chat.connections.get(sid)
            if connection is None:
                raise NotAuthenticated("This connection was closed.")
            if not isinstance(event, str) or event not in HANDLERS:
                raise Invalid(f"There is no event {event!r}.")
            declared, handler = HANDLERS[event]
            payload = parsed(declared, args)
            with self._chat.drain.answering():
                return {"ok": True, **(await handler(self._chat, connection, payload)).model_dump(mode="json")}
        except ChatError as error:
            return self._refused(error)
        except Exception:
            log.exception(line("an event failed", **self._chat.logged(sid), event=event))
            return self._refused(Overloaded("Something went wrong in the chat server.", retry_after=5))

    def _refused(self, error: ChatError) -> dict[str, Any]:
        self._chat.metrics.refused("socket", error.code)
        return refusal(error)


def parsed(declared: ClientEvent, args: tuple[Any, ...]) -> payloads.Payload:
    """Raises `Invalid`, naming the field."""
    if len(args) != 1:
        raise Invalid(f"{declared.name} takes one object.")
    try:
        return declared.payload.model_validate(args[0])
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{declared.name}: {place + ': ' if place else ''}{first['msg']}") from error


def unhurried(error: ChatError) -> ChatError:
    """For who tries to connect: thousands would come back after the same time. Without one they back off."""
    return Overloaded(error.message) if isinstance(error, Overloaded) else error


def refusal(error: ChatError) -> dict[str, Any]:
    return {"ok": False, "error": {name: value for name, value in error.described().items() if value is not None}}


async def _send(chat: Chat, connection: Connection, payload: payloads.MessageSend) -> schemas.Wire:
    message = await messages.send(chat, connection.identity, payload.room_id, payload)
    return schemas.MessageAck(message=message)


async def _edit(chat: Chat, connection: Connection, payload: payloads.MessageEdit) -> schemas.Wire:
    message = await messages.edit(chat, connection.identity, payload.message_id, payload.text)
    return schemas.MessageAck(message=message)


async def _delete(chat: Chat, connection: Connection, payload: payloads.MessageDelete) -> schemas.Wire:
    message = await messages.delete(chat, connection.identity, payload.message_id, payload.reason)
    return schemas.MessageAck(message=message)


async def _react(chat: Chat, connection: Connection, payload: payloads.MessageReact) -> schemas.Wire:
    message = await messages.react(chat, connection.identity, payload.message_id, payload.emoji, on=payload.on)
    return schemas.MessageAck(message=message)


async def _create(chat: Chat, connection: Connection, payload: payloads.RoomCreate) -> schemas.Wire:
    return schemas.RoomAck(room=await creation.create(chat, connection.identity, payload))


async def _join(chat: Chat, connection: Connection, payload: payloads.RoomJoin) -> schemas.Wire:
    room = await rooms.join(chat, connection.identity, room_id=payload.room_id, name=payload.name)
    return schemas.RoomAck(room=room)


async def _leave(chat: Chat, connection: Connection, payload: payloads.RoomReference) -> schemas.Wire:
    await rooms.leave(chat, connection.identity, payload.room_id)
    return schemas.Empty()


async def _read(chat: Chat, connection: Connection, payload: payloads.RoomRead) -> schemas.Wire:
    return schemas.RoomAck(room=await members.set_read(chat, connection.identity, payload.room_id, payload))


async def _typing(chat: Chat, connection: Connection, payload: payloads.RoomReference) -> schemas.Wire:
    rooms.tell_typing(chat, connection, payload.room_id)
    return schemas.Empty()


async def _sync(chat: Chat, connection: Connection, payload: payloads.Sync) -> schemas.Wire:
    return schemas.SyncAck(rooms=await messages.sync(chat, connection.identity, payload.rooms))


async def _hello(chat: Chat, connection: Connection, _payload: payloads.Nothing) -> schemas.Wire:
    """What `ready` says, again, for a client that serves several pages by one connection."""
    return await introduction(chat, connection)


async def _presence(chat: Chat, connection: Connection, payload: payloads.PresenceSet) -> schemas.Wire:
    chat.connections.set_away(connection, payload.status == "away")
    return schemas.Empty()


HANDLERS: dict[str, tuple[ClientEvent, Handler[Any]]] = {
    event.name: (event, handler)
    for event, handler in (
        (events.MESSAGE_SEND, _send),
        (events.MESSAGE_EDIT, _edit),
        (events.MESSAGE_DELETE, _delete),
        (events.MESSAGE_REACT, _react),
        (events.ROOM_CREATE, _create),
        (events.ROOM_JOIN, _join),
        (events.ROOM_LEAVE, _leave),
        (events.ROOM_READ, _read),
        (events.ROOM_TYPING, _typing),
        (events.SYNC, _sync),
        (events.HELLO, _hello),
        (events.PRESENCE_SET, _presence),
    )
}
