"""What administrators decide while Galaxy runs"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "galaxy_communication_setting",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_galaxy_communication_setting"),
    )


def downgrade() -> None:
    op.drop_table("galaxy_communication_setting")
