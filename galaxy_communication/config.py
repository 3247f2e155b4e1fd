"""The settings of galaxy-communication in ``galaxy.yml``, one to one with ``config_schema.yml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from limits import RateLimitItem, parse_many
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from . import text

#: By the engine of a message bus: the schemes of its URLs.
BUS_SCHEMES = {
    "redis": ("redis", "rediss", "redis+sentinel", "valkey", "valkeys", "valkey+sentinel"),
    "rabbitmq": ("amqp", "amqps"),
}
GALAXYS_ID_SECRET = "USING THE DEFAULT IS NOT SECURE!"


def engine_of(url: str) -> str | None:
    """Of the message bus at ``url``: a key of `BUS_SCHEMES`, None where it is none of these."""
    scheme = url.partition("://")[0]
    return next((engine for engine, schemes in BUS_SCHEMES.items() if scheme in schemes), None)


class ConfigurationError(Exception):
    """A wrong value in ``galaxy.yml``, told in one line; chat stays off, Galaxy starts."""

    explains_itself = True
    """Where in our code it was found is no news to an administrator."""


def require_own_secret(id_secret: str) -> None:
    """Raises `ConfigurationError` for the secret that comes with Galaxy, by which anybody can make ids and cookies."""
    if id_secret == GALAXYS_ID_SECRET:
        raise ConfigurationError(
            f"galaxy.yml: id_secret: {id_secret!r} is Galaxy's default and known to everybody, who can forge sessions "
            "with it: set a random one of 5 to 56 characters, like what "
            "`python3 -c 'import secrets; print(secrets.token_hex(16))'` prints; all have to log in again then"
        )


def _shown(value: Any) -> str:
    """Without the password that a database's URL may hold."""
    return re.sub(r"://[^/]*@", "://…@", repr(value))


def _parsed(notation: Any) -> Any:
    """The notation of the `limits` library; an empty string is no limit."""
    try:
        rates = parse_many(notation) if notation != "" else []
    except ValueError:
        rates = None
    if rates is None or any(rate.amount < 1 for rate in rates):
        raise ValueError("write it like '30 per 10 seconds; 90 per minute', or '' for no limit")
    return tuple(rates)


Rates = Annotated[tuple[RateLimitItem, ...], BeforeValidator(_parsed)]


def _rates(default: str) -> Any:
    return Field(default=default, validate_default=True)


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    enable_communication_server: bool = False
    communication_server_host: str | None = None
    communication_server_port: int | None = Field(default=None, ge=1, le=65535)
    persistent_communication_rooms: tuple[str, ...] = ()
    communication_database_connection: str | None = None
    communication_message_bus: str | None = None
    communication_users_create_rooms: bool = True
    communication_max_message_length: int = Field(default=6000, ge=1, le=100_000)
    communication_rate_limit_messages: Rates = _rates("30 per 10 seconds; 90 per minute")
    communication_rate_limit_edits: Rates = _rates("30 per 10 seconds; 90 per minute")
    communication_rate_limit_reactions: Rates = _rates("30 per 10 seconds; 90 per minute")
    communication_rate_limit_rooms: Rates = _rates("20 per minute; 100 per hour")
    communication_rate_limit_searches: Rates = _rates("30 per 10 seconds; 90 per minute")
    communication_rate_limit_connections: Rates = _rates("60 per minute")
    communication_flood_limit: Rates = _rates("100 per minute")
    communication_flood_silence_minutes: float = Field(default=10, ge=0, le=1_000_000)

    @property
    def server_url(self) -> str | None:
        """Where browsers reach the process of the chat's own, without a path; None where Galaxy serves the chat."""
        port = f":{self.communication_server_port}" if self.communication_server_port else ""
        return f"{self.communication_server_host}{port}" if self.communication_server_host else None

    @field_validator("communication_server_host")
    @classmethod
    def _scheme_and_host(cls, host: str | None) -> str | None:
        if host is not None and not re.fullmatch(r"https?://([\w.-]+|\[[\da-fA-F:.]+\])/?", host):
            raise ValueError(
                "write scheme and host alone, like https://chat.example.org; a port goes into "
                "communication_server_port, and the path is Galaxy's own"
            )
        return host.rstrip("/").lower() if host else host

    @field_validator("persistent_communication_rooms", mode="before")
    @classmethod
    def _comma_separated(cls, value: Any) -> Any:
        """The original's comma-separated string, or a YAML list; names that fold to one are one room."""
        names = value.split(",") if isinstance(value, str) else value
        if not isinstance(names, list | tuple):
            return names
        unique = {
            text.name_key(str(name)): " ".join(str(name).split()) for name in reversed(names) if str(name).strip()
        }
        return tuple(reversed(unique.values()))

    @field_validator("persistent_communication_rooms")
    @classmethod
    def _name_length(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if too_long := [name for name in names if len(name) > text.MAX_NAME_LENGTH]:
            raise ValueError(f"the name {too_long[0]!r} is longer than {text.MAX_NAME_LENGTH} characters")
        return names

    @field_validator("communication_database_connection")
    @classmethod
    def _database(cls, url: str | None) -> str | None:
        try:
            known = url is None or make_url(url).get_backend_name() in ("sqlite", "postgresql")
        except ArgumentError:
            known = False
        if not known:
            raise ValueError(
                "write the URL of an SQLite or PostgreSQL database, like postgresql://user:password@host/name"
            )
        return url

    @field_validator("communication_message_bus")
    @classmethod
    def _bus(cls, bus: str | None) -> str | None:
        if bus not in (None, "memory", "database") and engine_of(bus) is None:
            raise ValueError(
                "write memory, database, or the URL of Redis, Valkey or RabbitMQ, like redis://localhost:6379"
            )
        return bus

    @classmethod
    def from_option(cls, option: Callable[[str], Any]) -> Settings:
        """Read each setting with ``option(name)``, which returns None for one that is not set."""
        given = {name: value for name in cls.model_fields if (value := option(name)) is not None}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            remedy = first["msg"].removeprefix("Value error, ").replace("Input should", "it should")
            raise ConfigurationError(f"galaxy.yml: {name}: {_shown(given[name])} does not work: {remedy}") from error
