"""The preference for sound"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("sound", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("galaxy_communication_person", column)


def downgrade() -> None:
    op.drop_column("galaxy_communication_person", "sound")
