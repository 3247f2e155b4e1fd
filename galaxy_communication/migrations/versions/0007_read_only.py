"""Rooms in which only moderators write, and a way to everybody's newest message in a room"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROOM, MESSAGE = "galaxy_communication_room", "galaxy_communication_message"
INDEX = f"ix_{MESSAGE}_room_id_user_id_seq"


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("read_only", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column(ROOM, column)
    op.create_index(INDEX, MESSAGE, ["room_id", "user_id", "seq"])


def downgrade() -> None:
    op.drop_index(INDEX, MESSAGE)
    op.drop_column(ROOM, "read_only")
