"""Sessions in which an administrator acts as another user"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "galaxy_communication_impersonation",
        sa.Column("session_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("admin_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_galaxy_communication_impersonation"),
    )


def downgrade() -> None:
    op.drop_table("galaxy_communication_impersonation")
