"""Blocking keys in levels, so that a night adds its own at one place instead of at a hundred thousand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """All keys become the last level. Looking a NIK up goes through them too: its own index goes."""
    with op.batch_alter_table("identity_fit") as fit:
        fit.add_column(sa.Column("numbered", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE identity_fit SET numbered = (SELECT coalesce(max(number), 0) FROM identity_record)")
    with op.batch_alter_table("identity_fit") as fit:
        fit.alter_column("numbered", existing_type=sa.BigInteger(), server_default=None)
    op.drop_index("ix_identity_record_nik", table_name="identity_record")
    op.create_table(
        "identity_key_of_level",
        sa.Column("level", sa.SmallInteger(), nullable=False, autoincrement=False),
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("level", "key", "number", name="pk_identity_key_of_level"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO identity_key_of_level (level, key, number)"
        " SELECT 2, key, number FROM identity_key ORDER BY key, number"
    )
    op.drop_table("identity_key")
    op.rename_table("identity_key_of_level", "identity_key")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_identity_key_of_level RENAME TO pk_identity_key")
