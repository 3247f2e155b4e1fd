"""The audit log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
AUDIT = "galaxy_communication_audit"
LOOKED_UP_BY = ("actor_id", "target_id", "room_id")


def upgrade() -> None:
    op.create_table(
        AUDIT,
        sa.Column("id", Key, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("room_id", Key, nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("message_id", Key, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["galaxy_communication_room.id"], name=f"fk_{AUDIT}_room_id"),
        sa.ForeignKeyConstraint(["message_id"], ["galaxy_communication_message.id"], name=f"fk_{AUDIT}_message_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{AUDIT}"),
    )
    for column in LOOKED_UP_BY:
        op.create_index(f"ix_{AUDIT}_{column}_id", AUDIT, [column, "id"])


def downgrade() -> None:
    op.drop_table(AUDIT)
