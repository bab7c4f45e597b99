"""The index of record ids compares bytes: they are keyed hashes, not words in the order of a language."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """SQLite compares bytes anyway."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_source_row_record_id", "source_row")
        op.create_index(
            "ix_source_row_record_id",
            "source_row",
            ["record_id"],
            unique=True,
            postgresql_ops={"record_id": "varchar_pattern_ops"},
        )
