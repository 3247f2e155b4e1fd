"""A process of the chat's own, beside Galaxy's: the same chat around Galaxy's model, people and settings, without its
tools, jobs and pages. Ends in order on SIGTERM."""

from __future__ import annotations

import logging
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from . import host, host_alone, origins, plugin
from .chat import Chat
from .config import ConfigurationError, Settings

log = logging.getLogger(__name__)

#: The original's.
DEFAULT_PORT = 7070
#: For requests that are being answered when the process is to end.
GRACE_SECONDS = 5


class CannotServe(Exception):
    """Why, in one line."""


class OwnOrigins:
    """Lets the pages of Galaxy's own origins, which are at another port or host, read what this process answers."""

    def __init__(self, app: ASGIApp, chat: Chat) -> None:
        self._app = app
        self._chat = chat

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http":
            request = HTTPConnection(scope)
            origin = request.headers.get("origin")
            if origin is not None and origins.is_own_origin(self._chat, request):
                app = _readable_by(origin, app)
        await app(scope, receive, send)


def _readable_by(origin: str, app: ASGIApp) -> ASGIApp:
    return CORSMiddleware(
        app,
        allow_origins=[origin],
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["content-type"],
        allow_credentials=True,
        expose_headers=["Retry-After", "X-Total-Count"],
    )


def application(gx_app: Any) -> Starlette:
    """Raises `config.ConfigurationError`. What it starts ends with its lifespan."""
    inner = FastAPI(openapi_url=None)
    plugin.include_routes(inner, gx_app, dedicated=True)
    chat: Chat = inner.state.communication

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(plugin.live_with, chat)
        try:
            yield
        finally:
            await anyio.to_thread.run_sync(gx_app.shutdown)

    routes = plugin.routes_of(chat, inner.state.communication_server, plugin.client_of(chat))
    app = Starlette(
        routes=[Mount(chat.host.prefix, inner)],
        middleware=[Middleware(OwnOrigins, chat=chat), Middleware(plugin.Outermost, routes=routes, chat=chat)],
        lifespan=lifespan,
    )
    app.state.communication = chat
    return app


def run(file: str, address: str, port: int | None) -> None:
    """Serve until a signal ends it. Raises `CannotServe`.

    :param file: galaxy.yml.
    :param port: None is that of galaxy.yml.
    """
    warnings.simplefilter("ignore")  # of what Galaxy imports
    logging.basicConfig(level=logging.INFO, format="%(name)s %(levelname)s %(asctime)s %(message)s")
    logging.getLogger("galaxy").setLevel(logging.CRITICAL)  # what it says while it starts is in its own log
    try:
        gx_app = host_alone.manager_application(file)
        logging.getLogger("galaxy").setLevel(logging.WARNING)
        settings = _checked(host.Host(gx_app))
        app = application(gx_app)
    except (ConfigurationError, SQLAlchemyError) as error:
        raise CannotServe(f"communication: {' '.join(str(error).split())}") from error
    port = port or settings.communication_server_port or DEFAULT_PORT
    log.info("communication: chat is served at %s:%s%s", address, port, app.state.communication.host.prefix)
    uvicorn.run(
        app,
        host=address,
        port=port,
        access_log=False,  # it would hold the keys of those who write them into the address
        log_level="warning",  # below it says who comes and goes
        log_config=None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _checked(galaxy: host.Host) -> Settings:
    settings = Settings.from_option(galaxy.option)
    if not settings.enable_communication_server:
        raise CannotServe("communication: chat is off: galaxy.yml: enable_communication_server is not true")
    if not galaxy.has_tables:
        raise CannotServe("communication: Galaxy has not made its database yet: start Galaxy first")
    return settings
