"""Galaxy's own tables without a Galaxy, as far as the adapter asks them, and the double of Galaxy's application that
it is given: it has a database, settings, the encoding of ids and managers, and nothing else."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Engine, Table, insert, text
from sqlalchemy.orm import scoped_session, sessionmaker
from sqlalchemy.schema import CreateIndex, CreateTable

with warnings.catch_warnings():  # what Galaxy imports is not all of today
    warnings.simplefilter("ignore")
    from galaxy.managers.notification import NotificationManager
    from galaxy.model import (
        APIKeys,
        GalaxySession,
        Group,
        GroupRoleAssociation,
        Notification,
        Role,
        User,
        UserGroupAssociation,
        UserPreference,
        UserRoleAssociation,
    )
    from galaxy.security.idencoding import IdEncodingHelper

    from galaxy_communication.host_people import HostPeople

from galaxy_communication.models import PREFIX
from tests.galaxy_server import NO_LIMITS

__all__ = ["GalaxyApp", "HostPeople", "User", "create_galaxys_tables", "follow_our_rooms"]

MODELS: tuple[Any, ...] = (
    User,
    UserPreference,
    APIKeys,
    GalaxySession,
    Group,
    Notification,
    Role,
    UserGroupAssociation,
    UserRoleAssociation,
    GroupRoleAssociation,
)

DEFAULTS: dict[str, Any] = {
    "amqp_internal_connection": None,
    "database_auto_migrate": False,
    "id_secret": "crowd",
    "galaxy_url_prefix": "/",
    "galaxy_infrastructure_url_set": False,
    "allowed_origin_hostnames": None,
    "session_duration": 0,
    "enable_notification_system": False,
    "expose_user_name": False,
    "expose_user_email": False,
    "is_admin_user": lambda _: False,
    "server_name": "main",
    "version_major": "26.1",
    "version_minor": "1",
    **NO_LIMITS,
}


def create_galaxys_tables(engine: Engine) -> None:
    """With their indexes; without references to the many tables that are not there."""
    tables: list[Table] = [mapped.__table__ for mapped in MODELS]
    with engine.begin() as connection:
        for table in tables:
            connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
            for index in table.indexes:
                connection.execute(CreateIndex(index))


FOLLOW_OUR_ROOMS = (
    f"""
    INSERT INTO galaxy_group (id, name, deleted)
    SELECT CAST(substr(binding, 7) AS INTEGER), name, false FROM {PREFIX}room WHERE binding LIKE 'group:%'
    """,
    f"""
    INSERT INTO user_group_association (user_id, group_id)
    SELECT user_id, CAST(substr(binding, 7) AS INTEGER)
    FROM {PREFIX}room AS room JOIN {PREFIX}membership ON room_id = room.id WHERE binding LIKE 'group:%'
    """,
)


def follow_our_rooms(engine: Engine) -> None:
    """Give Galaxy the groups whose rooms there are, with just those users in them."""
    with engine.begin() as connection:
        for statement in FOLLOW_OUR_ROOMS:
            connection.execute(text(statement))


class GalaxyApp:
    """
    :param options: of ``galaxy.yml``.
    """

    def __init__(self, engine: Engine, **options: object) -> None:
        self.engine = engine
        session = scoped_session(sessionmaker(engine))
        self.model = SimpleNamespace(
            new_session=session.session_factory, session=session, context=session, APIKeys=APIKeys, User=User
        )
        self.security = IdEncodingHelper(id_secret=DEFAULTS["id_secret"])
        url = engine.url.render_as_string(hide_password=False)
        self.config = _Config(**{**DEFAULTS, "database_connection": url, **options})

    def __getitem__(self, manager: type) -> Any:
        return NotificationManager(self.model.session, self.config) if manager is NotificationManager else manager(self)

    def log_in(self, user_ids: Collection[int]) -> dict[int, str]:
        """New sessions of Galaxy's, by user the value of the cookie."""
        keys = {user_id: f"{user_id:032x}" for user_id in user_ids}
        rows = [{"user_id": user_id, "session_key": key, "is_valid": True} for user_id, key in keys.items()]
        with self.engine.begin() as connection:
            connection.execute(insert(GalaxySession), rows)
        return {user_id: self.security.encode_guid(key).decode() for user_id, key in keys.items()}


class _Config(SimpleNamespace):
    def get(self, name: str) -> object:
        return getattr(self, name, None)
