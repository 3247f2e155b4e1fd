"""Reactions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    reactions = sa.Column("reactions", sa.JSON(), nullable=False, server_default="{}")
    op.add_column("galaxy_communication_message", reactions)


def downgrade() -> None:
    op.drop_column("galaxy_communication_message", "reactions")
