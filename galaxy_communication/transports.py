"""The engines that the message bus may run on: Redis or Valkey and RabbitMQ through python-socketio's own managers, and
PostgreSQL's LISTEN and NOTIFY through one more. Which one it is follows from the settings, else from Galaxy's."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.util
import json
import logging
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import socketio
from socketio.async_pubsub_manager import AsyncPubSubManager
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from .bus import PUBLISH_SECONDS, SILENCE_SECONDS, Bus
from .config import ConfigurationError, Settings, engine_of
from .database import Database

log = logging.getLogger(__name__)

RETRY_SECONDS = 1.0
#: What python-socketio says of an engine that does not answer, it says with each word. `Bus` says it once.
quiet = logging.getLogger(f"{__name__}.socketio")
quiet.setLevel(logging.CRITICAL)


class Worded:
    """In place of python-socketio's JSON module: what `Bus` publishes is text already."""

    dumps = staticmethod(str)
    loads = staticmethod(json.loads)


class PostgresqlManager(AsyncPubSubManager):  # type: ignore[misc]  # python-socketio is untyped
    """Listens on a connection of its own, outside the pool."""

    name = "postgresql"

    def __init__(self, database: Database, channel: str) -> None:
        super().__init__(channel=channel, logger=quiet)
        self._database = database

    async def _publish(self, text: str) -> None:
        tell = partial(notify, text=text, channel=self.channel)
        await self._database.in_thread(lambda: self._database.write_now(tell))

    async def _listen(self) -> AsyncIterator[str]:
        loop = asyncio.get_running_loop()
        while True:
            try:
                fairy, driver = await loop.run_in_executor(None, self._connect)
            except Exception as error:
                log.debug("communication: the database does not listen: %r", error)
                await asyncio.sleep(RETRY_SECONDS)
                continue
            came = asyncio.Event()
            descriptor = driver.fileno()
            loop.add_reader(descriptor, came.set)
            try:
                while True:
                    # This process's own beats come by here: a connection on which nothing comes is dead.
                    await asyncio.wait_for(came.wait(), SILENCE_SECONDS)
                    came.clear()
                    driver.poll()
                    while driver.notifies:
                        yield driver.notifies.pop(0).payload
            except Exception as error:
                log.debug("communication: the database has stopped to listen: %r", error)
            finally:
                # At once: libpq has closed it by now, and the next connection of anybody's has the same number.
                loop.remove_reader(descriptor)
                fairy.close()
            await asyncio.sleep(RETRY_SECONDS)

    def _connect(self) -> tuple[Any, Any]:
        """The pool's wrapper, from which it is free, and the driver's connection."""
        fairy = self._database.engine.raw_connection()
        driver: Any = fairy.driver_connection
        fairy.detach()
        try:
            driver.rollback()
            driver.autocommit = True
            with driver.cursor() as cursor:
                cursor.execute(f'LISTEN "{self.channel}"')
        except Exception:
            fairy.close()
            raise
        return fairy, driver


class RabbitmqManager(socketio.AsyncAioPikaManager):  # type: ignore[misc]  # python-socketio is untyped
    """Leaves no connection behind: aio-pika goes on with one for which nobody waits any more."""

    async def _connection(self) -> Any:
        connecting = asyncio.ensure_future(super()._connection())
        try:
            return await asyncio.shield(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(_close_unwanted)
            raise


def _close_unwanted(connected: asyncio.Future[Any]) -> None:
    if not connected.cancelled() and connected.exception() is None:
        closing = asyncio.ensure_future(connected.result().close())
        closing.add_done_callback(lambda done: done.cancelled() or done.exception())


def notify(session: Session, text: str, channel: str) -> None:
    """With the commit of the session's transaction."""
    session.execute(select(func.pg_notify(channel, text)))


def make_bus(settings: Settings, database: Database, amqp: str | None, id_secret: str) -> Bus:
    """Connects to nothing. Raises `ConfigurationError` for what was asked for and cannot be.

    :param amqp: Galaxy's ``amqp_internal_connection``.
    :param id_secret: Galaxy's; those who share it are one Galaxy, and a bus may serve more than one.
    """
    channel = f"galaxy_communication_{hashlib.sha256(id_secret.encode()).hexdigest()[:16]}"
    listens = database.engine.dialect.name == "postgresql" and database.engine.driver == "psycopg2"
    wanted = settings.communication_message_bus
    if wanted is None:
        is_usable = amqp is not None and engine_of(amqp) == "rabbitmq" and _has("aio_pika")
        wanted = "database" if listens else str(amqp) if is_usable else "memory"
    if wanted == "memory":
        return Bus()
    if wanted == "database":
        if not listens:
            raise _unusable("database", "the chat's database has to be PostgreSQL, through psycopg2")
        return Bus("database", lambda: PostgresqlManager(database, channel), partial(notify, channel=channel))
    if engine_of(wanted) == "rabbitmq":
        _require("aio_pika", "rabbitmq", wanted)
        url = _with_heartbeat(wanted)
        return Bus("rabbitmq", lambda: RabbitmqManager(url, channel=channel, logger=quiet, json=Worded))
    client = "valkey" if wanted.startswith("valkey") else "redis"
    _require(client, client, wanted)
    options = {"socket_timeout": SILENCE_SECONDS, "socket_connect_timeout": PUBLISH_SECONDS / 2}
    return Bus(
        "redis",
        lambda: socketio.AsyncRedisManager(wanted, channel=channel, logger=quiet, json=Worded, redis_options=options),
    )


def _with_heartbeat(url: str) -> str:
    """RabbitMQ's clients take this from the URL: a broker that hangs is noticed in seconds."""
    return url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat=5"


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _require(module: str, extra: str, wanted: str) -> None:
    if not _has(module):
        raise _unusable(wanted, f"its client is missing: pip install 'galaxy-communication[{extra}]'")


def _unusable(wanted: str, remedy: str) -> ConfigurationError:
    shown = repr(wanted) if "://" not in wanted else repr(make_url(wanted).render_as_string(hide_password=True))
    return ConfigurationError(f"galaxy.yml: communication_message_bus: {shown} does not work: {remedy}")
