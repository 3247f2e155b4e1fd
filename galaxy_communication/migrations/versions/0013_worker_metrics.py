"""What each process counts, in its row"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORKER = "galaxy_communication_worker"


def upgrade() -> None:
    op.add_column(WORKER, sa.Column("metrics", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column(WORKER, "metrics")
