"""Run by Alembic. Always on the connection, and in the transaction, that `migrations.upgrade` was given."""

from __future__ import annotations

from alembic import context

from galaxy_communication.migrations import VERSION_TABLE, ours
from galaxy_communication.moderation_models import Sanction

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Sanction.metadata,
    version_table=VERSION_TABLE,
    include_object=ours,
    render_as_batch=True,
)
context.run_migrations()
