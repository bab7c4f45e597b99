"""Letters that go back to their senders: findings of accepted ones, and what took a held row's place."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.String(64)


def upgrade() -> None:
    """Rows that are held already are known again by their source key only: their letters stay sealed."""
    with op.batch_alter_table("held_row") as held:
        held.add_column(sa.Column("letter_by_name", ID))
        held.add_column(sa.Column("letter_by_nik", ID))
        held.add_column(sa.Column("mended_by", ID))
        held.add_column(sa.Column("closed_seq", sa.Integer()))
    op.create_index("ix_held_row_letter_by_name", "held_row", ["letter_by_name"])
    op.create_index("ix_held_row_letter_by_nik", "held_row", ["letter_by_nik"])
    op.create_table(
        "letter_finding",
        sa.Column("record_id", ID, nullable=False),
        sa.Column("seq_from", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("seq_to", sa.Integer()),
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("source_line", sa.Integer()),
        sa.Column("source_name", sa.Text()),
        sa.Column("violations", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "seq_from", name="pk_letter_finding"),
    )
    current = sa.text("seq_to IS NULL")
    op.create_index(
        "ix_letter_finding_current",
        "letter_finding",
        ["office"],
        sqlite_where=current,
        postgresql_where=current,
    )
