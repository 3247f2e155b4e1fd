"""People, mentions, pins, revisions, sanctions, and the index that search uses"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Moment = sa.DateTime(timezone=True)
PublicName = sa.String(255).with_variant(sa.String(255, collation="C"), "postgresql")
ROOM, MEMBERSHIP, MESSAGE = (
    "galaxy_communication_room",
    "galaxy_communication_membership",
    "galaxy_communication_message",
)
SEARCH = f"{MESSAGE}_search"
#: PostgreSQL's index is of the words between ASCII's punctuation: its parser would take a file name for one word.
WORDS = r"regexp_replace(text, '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+', ' ', 'g')"
#: SQLite's index keeps no text of its own: it reads the messages, and triggers tell it of their changes.
FORGET_OLD = f"INSERT INTO {SEARCH}({SEARCH}, rowid, text) VALUES ('delete', old.id, old.text);"
LEARN_NEW = f"INSERT INTO {SEARCH}(rowid, text) VALUES (new.id, new.text);"
TRIGGERS = {
    f"{SEARCH}_insert": f"AFTER INSERT ON {MESSAGE} BEGIN {LEARN_NEW} END",
    f"{SEARCH}_delete": f"AFTER DELETE ON {MESSAGE} BEGIN {FORGET_OLD} END",
    f"{SEARCH}_update": f"AFTER UPDATE OF text ON {MESSAGE} BEGIN {FORGET_OLD} {LEARN_NEW} END",
}


def upgrade() -> None:
    op.add_column(ROOM, sa.Column("binding", sa.String(64), nullable=True))
    op.add_column(ROOM, sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_galaxy_communication_room_binding", ROOM, ["binding"], unique=True)
    op.create_index("ix_galaxy_communication_room_kind_id", ROOM, ["kind", "id"])
    op.add_column(MEMBERSHIP, sa.Column("muted_until", Moment, nullable=True))
    op.add_column(MEMBERSHIP, sa.Column("notified_seq", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column(MESSAGE, sa.Column("mentions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column(MESSAGE, sa.Column("pinned_at", Moment, nullable=True))
    pinned = sa.text("pinned_at IS NOT NULL")
    op.create_index(
        f"{MESSAGE}_pinned", MESSAGE, ["room_id", "pinned_at"], sqlite_where=pinned, postgresql_where=pinned
    )
    _create_tables()
    if op.get_bind().dialect.name == "sqlite":
        options = f"content='{MESSAGE}', content_rowid='id', tokenize='unicode61 remove_diacritics 2'"
        op.execute(f"CREATE VIRTUAL TABLE {SEARCH} USING fts5(text, {options})")
        for name, body in TRIGGERS.items():
            op.execute(f"CREATE TRIGGER {name} {body}")
        op.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
    else:
        op.execute(f"CREATE INDEX {SEARCH} ON {MESSAGE} USING gin (to_tsvector('simple', {WORDS}))")


def _create_tables() -> None:
    op.create_table(
        "galaxy_communication_mention",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("room_id", Key, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], [f"{ROOM}.id"], name="fk_galaxy_communication_mention_room_id"),
        sa.PrimaryKeyConstraint("user_id", "room_id", "seq", name="pk_galaxy_communication_mention"),
    )
    op.create_table(
        "galaxy_communication_revision",
        sa.Column("id", Key, nullable=False),
        sa.Column("message_id", Key, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("replaced_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], [f"{MESSAGE}.id"], name="fk_galaxy_communication_revision_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_galaxy_communication_revision"),
    )
    op.create_index("ix_galaxy_communication_revision_message_id", "galaxy_communication_revision", ["message_id"])
    op.create_table(
        "galaxy_communication_person",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("username", PublicName, nullable=True),
        sa.Column("presence", sa.Boolean(), nullable=False),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.Column("notifications", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_galaxy_communication_person"),
    )
    op.create_index("ix_galaxy_communication_person_username", "galaxy_communication_person", ["username"])
    op.create_table(
        "galaxy_communication_person_mute",
        sa.Column("user_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("muted_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("user_id", "muted_id", name="pk_galaxy_communication_person_mute"),
    )
    op.create_table(
        "galaxy_communication_sanction",
        sa.Column("id", Key, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=True),
        sa.Column("lifted_at", Moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_galaxy_communication_sanction"),
    )
    op.create_index("ix_galaxy_communication_sanction_user_id", "galaxy_communication_sanction", ["user_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute(f"DROP TABLE {SEARCH}")
    else:
        op.execute(f"DROP INDEX {SEARCH}")
    for name in ("sanction", "person_mute", "person", "revision", "mention"):
        op.drop_table(f"galaxy_communication_{name}")
    op.drop_index(f"{MESSAGE}_pinned", MESSAGE)
    op.drop_index("ix_galaxy_communication_room_kind_id", ROOM)
    op.drop_index("ix_galaxy_communication_room_binding", ROOM)
    for table, name in (
        (MESSAGE, "pinned_at"),
        (MESSAGE, "mentions"),
        (MEMBERSHIP, "notified_seq"),
        (MEMBERSHIP, "muted_until"),
        (ROOM, "revision"),
        (ROOM, "binding"),
    ):
        op.drop_column(table, name)
