"""Reports of messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
REPORT = "galaxy_communication_report"


def upgrade() -> None:
    op.create_table(
        REPORT,
        sa.Column("id", Key, nullable=False),
        sa.Column("message_id", Key, nullable=False),
        sa.Column("room_id", Key, nullable=False),
        sa.Column("reporter_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("resolved_at", Moment, nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["galaxy_communication_message.id"], name=f"fk_{REPORT}_message_id"),
        sa.ForeignKeyConstraint(["room_id"], ["galaxy_communication_room.id"], name=f"fk_{REPORT}_room_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{REPORT}"),
        sa.UniqueConstraint("message_id", "reporter_id", name=f"uq_{REPORT}_message_id_reporter_id"),
    )
    op.create_index(f"ix_{REPORT}_room_id_id", REPORT, ["room_id", "id"])


def downgrade() -> None:
    op.drop_table(REPORT)
