"""The schema's versions: an Alembic tree of our own, with a version table of our own beside Galaxy's."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from ..models import PREFIX

log = logging.getLogger(__name__)

VERSION_TABLE = "galaxy_communication_alembic_version"


#: The index for searching, which differs from database to database and is no part of the models.
SEARCH = PREFIX + "message_search"


def ours(_item: object, name: str | None, kind: str, *_: object) -> bool:
    """What Alembic compares: our tables, not Galaxy's in the same database, and not the index that search uses."""
    if name is None or name.startswith(SEARCH):
        return name is None
    return kind != "table" or name.startswith(PREFIX)


class SchemaError(Exception):
    """The database's schema is not this release's; the message names the remedy."""


def configuration(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def require_newest(connection: Connection) -> None:
    """Raises `SchemaError` where the tables are not this release's; changes nothing."""
    head = ScriptDirectory.from_config(configuration(connection)).get_current_head()
    current = _current(connection)
    if current != head:
        raise SchemaError(
            f"its tables are at revision {current or 'none'} and this release needs {head}: "
            "run 'galaxy-communication migrate', or the release that made them"
        )


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def upgrade(connection: Connection, *, allowed: bool) -> None:
    """Upgrade in the caller's transaction; the caller holds the lock. Raises `SchemaError`."""
    config = configuration(connection)
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    current = _current(connection)
    if current == head:
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise SchemaError(f"its tables are at revision {current}, which a newer release made: install that release")
    if current is not None and not allowed:
        raise SchemaError(
            f"its tables are at revision {current} and this release needs {head}: "
            "run 'galaxy-communication migrate', or set database_auto_migrate in galaxy.yml"
        )
    log.info("communication: upgrading the tables from %s to %s", current or "nothing", head)
    command.upgrade(config, "head")
