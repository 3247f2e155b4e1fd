"""The preferred language, bans from one room, and who acts in another's place in the audit log"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PERSON, SANCTION, AUDIT, ROOM = (f"galaxy_communication_{name}" for name in ("person", "sanction", "audit", "room"))
INDEX, TO_ROOM = f"ix_{SANCTION}_room_id_id", f"fk_{SANCTION}_room_id"


def upgrade() -> None:
    op.add_column(PERSON, sa.Column("language", sa.String(8), nullable=True))
    op.add_column(AUDIT, sa.Column("acting_admin_id", sa.Integer(), nullable=True))
    # SQLite adds no foreign key to a table: it is written anew.
    with op.batch_alter_table(SANCTION) as table:
        table.add_column(sa.Column("room_id", Key, nullable=True))
        table.create_foreign_key(TO_ROOM, ROOM, ["room_id"], ["id"], ondelete="CASCADE")
        table.create_index(INDEX, ["room_id", "id"])


def downgrade() -> None:
    op.execute(f"DELETE FROM {SANCTION} WHERE room_id IS NOT NULL")
    with op.batch_alter_table(SANCTION) as table:
        table.drop_index(INDEX)
        table.drop_constraint(TO_ROOM, type_="foreignkey")
        table.drop_column("room_id")
    op.drop_column(AUDIT, "acting_admin_id")
    op.drop_column(PERSON, "language")
