"""Which rooms galaxy.yml names, and a way to all that somebody has said"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

ROOM, MESSAGE = "galaxy_communication_room", "galaxy_communication_message"


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("configured", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column(ROOM, column)
    op.create_index(f"ix_{MESSAGE}_user_id_id", MESSAGE, ["user_id", "id"])
    op.execute(f"UPDATE {ROOM} SET configured = true WHERE kind = 'persistent'")


def downgrade() -> None:
    op.drop_index(f"ix_{MESSAGE}_user_id_id", MESSAGE)
    op.drop_column(ROOM, "configured")
