"""Every source record has a number, given once, by which all that is kept of it can be ordered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID, NAME = sa.String(64), sa.String(120)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """The records there are get theirs by feed and id."""
    op.create_table(
        "numbered_source_row",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("feed", NAME, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("row_hash", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("deleted_seq", sa.Integer()),
        sa.Column("as_of", sa.String(10)),
        sa.PrimaryKeyConstraint("number", name="pk_numbered_source_row"),
    )
    kept = "feed, record_id, row_hash, seq, outcome, deleted_seq, as_of"
    op.execute(
        f"INSERT INTO numbered_source_row (number, {kept})"
        f" SELECT row_number() OVER (ORDER BY feed, record_id), {kept} FROM source_row"
        " ORDER BY feed, record_id"
    )
    op.drop_table("source_row")
    op.rename_table("numbered_source_row", "source_row")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_numbered_source_row RENAME TO pk_source_row")
    op.create_index("ix_source_row_feed", "source_row", ["feed"])
    op.create_index("ix_source_row_record_id", "source_row", ["record_id"], unique=True)
