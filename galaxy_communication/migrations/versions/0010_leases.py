"""Leases, and rooms and messages that can be removed while the audit log and the answers to them stay"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ROOM, MESSAGE, AUDIT, LEASE = (f"galaxy_communication_{name}" for name in ("room", "message", "audit", "lease"))
SEARCH = f"{MESSAGE}_search"
#: What no longer refers to a row that must be there: table, column, and what it referred to.
REFERENCES = ((AUDIT, "room_id", ROOM), (AUDIT, "message_id", MESSAGE), (MESSAGE, "reply_to_id", MESSAGE))
#: As in 0003: SQLite drops the triggers of a table that is made anew.
FORGET_OLD = f"INSERT INTO {SEARCH}({SEARCH}, rowid, text) VALUES ('delete', old.id, old.text);"
LEARN_NEW = f"INSERT INTO {SEARCH}(rowid, text) VALUES (new.id, new.text);"
TRIGGERS = {
    f"{SEARCH}_insert": f"AFTER INSERT ON {MESSAGE} BEGIN {LEARN_NEW} END",
    f"{SEARCH}_delete": f"AFTER DELETE ON {MESSAGE} BEGIN {FORGET_OLD} END",
    f"{SEARCH}_update": f"AFTER UPDATE OF text ON {MESSAGE} BEGIN {FORGET_OLD} {LEARN_NEW} END",
}


def upgrade() -> None:
    op.create_table(
        LEASE,
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("holder", sa.String(255), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=f"pk_{LEASE}"),
    )
    if op.get_bind().dialect.name != "sqlite":
        for table, column, _ in REFERENCES:
            op.drop_constraint(f"fk_{table}_{column}", table, type_="foreignkey")
        return
    _make_anew(AUDIT, ["room_id", "message_id"])
    # SQLite gives no number twice only where the table says so, and a table says so only when it is made.
    _make_anew(ROOM, [], sqlite_autoincrement=True)
    _make_anew(MESSAGE, ["reply_to_id"], sqlite_autoincrement=True)
    _restore_triggers()


def _make_anew(table: str, without: list[str], **options: bool) -> None:
    with op.batch_alter_table(table, recreate="always", table_kwargs=options) as batch:
        for column in without:
            batch.drop_constraint(f"fk_{table}_{column}", type_="foreignkey")


def _restore_triggers() -> None:
    for name, body in TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def downgrade() -> None:
    """Fails where something was removed that is still referred to."""
    for table, column, to in REFERENCES:
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(f"fk_{table}_{column}", to, [column], ["id"])
    if op.get_bind().dialect.name == "sqlite":
        _restore_triggers()
    op.drop_table(LEASE)
