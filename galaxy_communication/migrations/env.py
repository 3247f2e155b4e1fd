"""Run by Alembic. Always on the connection, and in the transaction, that `migrations.upgrade` was given."""

from __future__ import annotations

from alembic import context
from sqlalchemy.sql.schema import SchemaItem

from galaxy_communication.migrations import VERSION_TABLE
from galaxy_communication.models import PREFIX, Base


def ours(item: SchemaItem, name: str | None, kind: str, _reflected: bool, _compare_to: SchemaItem | None) -> bool:
    """Autogenerate looks at our tables alone: Galaxy's stand in the same database."""
    return kind != "table" or (name or "").startswith(PREFIX)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    include_object=ours,
    render_as_batch=True,
)
context.run_migrations()
