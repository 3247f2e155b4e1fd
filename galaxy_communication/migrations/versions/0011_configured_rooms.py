"""Which rooms galaxy.yml names, a way to all that somebody has said, and the processes that serve the chat"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ROOM, MESSAGE, WORKER = (f"galaxy_communication_{name}" for name in ("room", "message", "worker"))
Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    column: sa.Column[bool] = sa.Column("configured", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column(ROOM, column)
    op.create_index(f"ix_{MESSAGE}_user_id_id", MESSAGE, ["user_id", "id"])
    op.execute(f"UPDATE {ROOM} SET configured = true WHERE kind = 'persistent'")
    op.create_table(
        WORKER,
        sa.Column("id", Key, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=False),
        *(sa.Column(count, sa.Integer(), nullable=False) for count in ("connections", "online", "queue", "sent")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{WORKER}"),
    )


def downgrade() -> None:
    op.drop_table(WORKER)
    op.drop_index(f"ix_{MESSAGE}_user_id_id", MESSAGE)
    op.drop_column(ROOM, "configured")
