"""The composition root: puts the parts together and onto Galaxy's application. The only module that knows them all.

`include_routes` and `register` are called by the start-up hook at two moments of Galaxy's own start; `factory` is the
explicit way, a drop-in for Galaxy's factory. With gunicorn's preload all of this runs before the fork: what needs a
connection, a thread or the event loop starts in `_start`, or with the first request.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import socketio
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import _autoload, admission, changes, host, messages, migrations, presence, rooms
from .broadcast import Broadcast
from .catch_up import CatchUp
from .chat import Chat
from .commands import Stored
from .config import Settings, require_own_secret
from .database import UNAVAILABLE, Database
from .drain import Drain
from .filter_store import WordFilters
from .log_lines import in_short
from .long_polling import Door
from .metrics import Metrics
from .notifications import Notifier
from .pages import STATIC, Client, ImmutableFiles
from .peers import Peers
from .pulse import Pulse
from .purge import Daily
from .ratelimit import NOUNS, RateLimits
from .readings import read_parts
from .relay import Relay
from .router import router
from .schemas import PresenceChange
from .sockets import ChatNamespace, make_server
from .statsd import Statsd
from .transports import make_bus
from .views import Views
from .watch import Watch
from .writer import Writer

log = logging.getLogger(__name__)

RETRY_SECONDS = 5.0


class Outermost:
    """Serves our paths before anything of Galaxy's sees them, and passes on all else untouched.

    Outermost because Galaxy's access logging, where it is on, breaks every WebSocket that passes it.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], chat: Chat) -> None:
        self._app = app
        self._routes = routes
        self._chat = chat
        self._ours = Starlette(routes=routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        ours = scope["type"] in ("http", "websocket") and any(
            route.matches(scope)[0] is not Match.NONE for route in self._routes
        )
        await (self._ours if ours else self._app)(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        """From before the process serves to after its last connection was closed."""

        bus = self._chat.bus

        async def hear() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                if bus.listens:
                    bus.say("gone")
                await bus.stop()
            return message

        if bus.listens:
            bus.start()
        await self._app(scope, hear, send)


def compose(gx_app: Any, *, dedicated: bool = False) -> tuple[Chat, socketio.AsyncServer]:
    """The parts of one process, Galaxy's or one of the chat's own. Connects to nothing. Raises
    `config.ConfigurationError`."""
    galaxy = host.Host(gx_app)
    settings = Settings.from_option(galaxy.option)
    require_own_secret(galaxy.id_secret)
    server = make_server()
    views = Views(galaxy.encode_id, galaxy.usernames)
    database = Database(settings.communication_database_connection or galaxy.database_url)
    bus = make_bus(settings, database, galaxy.amqp_url, galaxy.id_secret)
    broadcast = Broadcast(server, bus, lambda sid: chat.logged(sid))
    metrics = Metrics()

    def announce(changes: presence.Changes) -> None:
        for room_id, people in changes.items():
            told = [PresenceChange(user=views.identity(identity), status=status) for identity, status in people]
            broadcast.presence(room_id, told)

    notifier = Notifier()
    filters = WordFilters()

    def committed(batch: Sequence[Stored]) -> None:
        messages.publish(chat, batch)
        notifier.hear(chat, batch)
        chat.pulse.sent.add(sum(stored.fresh and stored.message.seq == stored.message.changed_seq for stored in batch))

    def load() -> tuple[int, int, int]:
        return len(chat.connections), chat.connections.people(), len(chat.writer)

    def heard() -> int | None:
        return peers.heard if bus.joins and bus.is_working else None

    connections = presence.Connections(announce)
    peers = Peers(connections, bus)
    chat = Chat(
        settings=settings,
        host=galaxy,
        database=database,
        views=views,
        writer=Writer(
            commit=metrics.timed(
                lambda batch: changes.commit(database, views, galaxy.users_named, filters, batch, bus.say_in)
            ),
            committed=committed,
        ),
        broadcast=broadcast,
        connections=connections,
        drain=Drain(server, connections, broadcast),
        limits=RateLimits(
            "memory://",
            {kind: getattr(settings, f"communication_rate_limit_{kind}") for kind in NOUNS},
            settings.communication_flood_limit,
            partial(bus.say, "taken"),
        ),
        filters=filters,
        pulse=Pulse(
            database, load, has_bus=bus.joins, heard=heard, page=metrics.page, beaten=Statsd(metrics, galaxy).push
        ),
        daily=Daily(database, galaxy),
        bus=bus,
        catch_up=CatchUp(database, views, broadcast, connections),
        metrics=metrics,
        dedicated=dedicated,
    )
    bus.listens = chat.elsewhere is None
    Relay(chat)
    read_parts(chat, notifier)
    server.register_namespace(ChatNamespace(chat, Watch(chat)))
    return chat, server


def include_routes(app: FastAPI, gx_app: Any, *, dedicated: bool = False) -> None:
    """Put the REST interface on Galaxy's inner application, while it takes routes."""
    app.state.communication, app.state.communication_server = compose(gx_app, dedicated=dedicated)
    app.include_router(router)


def register(app: FastAPI, gx_app: Any) -> None:
    """Put chat on a finished Galaxy application: socket, pages, script, preference, and the routes if missing."""
    galaxy = host.Host(gx_app)
    inner = _inner(app, galaxy.prefix)
    if not hasattr(inner.state, "communication"):
        _include_routes_late(inner, gx_app)
    chat: Chat = inner.state.communication
    client = client_of(chat)
    galaxy.add_onload_script(client.onload_script())
    galaxy.offer_preference()
    galaxy.on_impersonation(partial(admission.note_impersonation, chat))
    app.add_middleware(Outermost, routes=routes_of(chat, inner.state.communication_server, client), chat=chat)
    live_with(chat)
    log.info("communication: chat is mounted at %s/communication", galaxy.prefix)


def client_of(chat: Chat) -> Client:
    return Client(f"{chat.host.prefix}/", chat.host.frame_options, chat.settings.server_url)


def routes_of(chat: Chat, server: socketio.AsyncServer, client: Client) -> list[BaseRoute]:
    """All but REST: socket, files, pages."""
    base = f"{chat.host.prefix}/communication"
    return [
        Mount(f"{base}/socket.io", Door(chat, socketio.ASGIApp(server, socketio_path=""))),
        Mount(f"{base}/static", ImmutableFiles(directory=STATIC)),
        Route(base, client.page),
        Route(f"{base}/admin", client.admin_page),
        Route(f"{base}/preferences", client.preferences_page),
    ]


def live_with(chat: Chat) -> None:
    """Start in every process that serves, and stop with its Galaxy."""
    chat.host.on_shutdown(lambda: _stop(chat))
    chat.host.after_fork(lambda: _start(chat))


def factory() -> FastAPI:
    """Galaxy's application with chat on it, also where the start-up hook is switched off."""
    _autoload.wrap(host.fast_app())
    return cast(FastAPI, host.galaxy_factory()())


def _inner(app: FastAPI, prefix: str) -> FastAPI:
    """Under ``galaxy_url_prefix`` Galaxy's application is mounted in an empty one."""
    if not prefix:
        return app
    mounted = (route.app for route in app.router.routes if isinstance(route, Mount) and route.path == prefix)
    return cast(FastAPI, next(mounted))


def _include_routes_late(app: FastAPI, gx_app: Any) -> None:
    """What comes after Galaxy's catch-all mount is never reached, so our routes are moved before it."""
    routes = app.router.routes
    count = len(routes)
    include_routes(app, gx_app)
    ours = routes[count:]
    del routes[count:]
    catch_all = next(i for i, route in enumerate(routes) if isinstance(route, Mount) and route.path == "")
    routes[catch_all:catch_all] = ours
    host.rebuild_openapi(app, gx_app)


def _start(chat: Chat) -> None:
    """In every process that serves, before its first request or shortly after."""
    try:
        chat.database.upgrade(
            allowed=chat.host.may_migrate,
            then=lambda session: rooms.arrange_configured(session, chat.settings.persistent_communication_rooms),
        )
    except UNAVAILABLE as error:
        chat.failure = "its database does not answer"
        log.error("communication: chat is off until its database answers: %s", in_short(error))
        again = threading.Timer(RETRY_SECONDS, _start, [chat])
        again.daemon = True
        again.start()
    except migrations.SchemaError as error:
        chat.failure, chat.needs_migration = str(error), True
        log.error("communication: chat is off: %s", error)
    except Exception as error:
        chat.failure = "its database could not be prepared"
        log.exception("communication: chat is off: %s: %s", chat.failure, error)
    else:
        chat.failure, chat.needs_migration = None, False
        if chat.elsewhere is None:
            chat.pulse.start()
            chat.daily.start()


def _stop(chat: Chat) -> None:
    chat.failure = "Galaxy is shutting down"
    chat.pulse.stop()
    chat.daily.stop()
    chat.writer.close()
    chat.database.close()
