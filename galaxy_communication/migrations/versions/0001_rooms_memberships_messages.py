"""Rooms, memberships, messages"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "galaxy_communication_room",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("name_key", sa.String(255), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("member_count", sa.Integer(), nullable=False),
        sa.Column("slow_mode_seconds", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("archived_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_galaxy_communication_room"),
        sa.UniqueConstraint("name_key", name="uq_galaxy_communication_room_name_key"),
    )
    op.create_table(
        "galaxy_communication_membership",
        sa.Column("room_id", Key, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.Column("notify", sa.String(16), nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["galaxy_communication_room.id"], name="fk_galaxy_communication_membership_room_id"
        ),
        sa.PrimaryKeyConstraint("room_id", "user_id", name="pk_galaxy_communication_membership"),
    )
    op.create_index("ix_galaxy_communication_membership_user_id", "galaxy_communication_membership", ["user_id"])
    op.create_table(
        "galaxy_communication_message",
        sa.Column("id", Key, nullable=False),
        sa.Column("room_id", Key, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changed_seq", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply_to_id", Key, nullable=True),
        sa.Column("acting_admin_id", sa.Integer(), nullable=True),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("edited_at", Moment, nullable=True),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id"], ["galaxy_communication_room.id"], name="fk_galaxy_communication_message_room_id"
        ),
        sa.ForeignKeyConstraint(
            ["reply_to_id"], ["galaxy_communication_message.id"], name="fk_galaxy_communication_message_reply_to_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_galaxy_communication_message"),
        sa.UniqueConstraint("room_id", "seq", name="uq_galaxy_communication_message_room_id_seq"),
        sa.UniqueConstraint("room_id", "changed_seq", name="uq_galaxy_communication_message_room_id_changed_seq"),
        sa.UniqueConstraint(
            "user_id", "room_id", "client_id", name="uq_galaxy_communication_message_user_id_room_id_client_id"
        ),
    )


def downgrade() -> None:
    op.drop_table("galaxy_communication_message")
    op.drop_table("galaxy_communication_membership")
    op.drop_table("galaxy_communication_room")
