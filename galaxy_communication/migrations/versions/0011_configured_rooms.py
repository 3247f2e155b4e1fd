"""Which rooms galaxy.yml names"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

ROOM = "galaxy_communication_room"


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("configured", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column(ROOM, column)
    op.execute(f"UPDATE {ROOM} SET configured = true WHERE kind = 'persistent'")


def downgrade() -> None:
    op.drop_column(ROOM, "configured")
