"""Clerical review: cases, looks, verdicts, and the random samples they are audited by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Clerical review: cases, looks, verdicts, and the random samples they are audited by."""
    op.create_index(
        "ix_identity_edge_zone",
        "identity_edge",
        ["zone"],
        sqlite_where=sa.text("zone = 'review'"),
        postgresql_where=sa.text("zone = 'review'"),
    )
    op.create_table(
        "review_case",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("left_id", sa.String(64), nullable=False),
        sa.Column("right_id", sa.String(64), nullable=False),
        sa.Column("since_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("closing", sa.String(12)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_review_case"),
    )
    op.create_index("ix_review_case_left_id", "review_case", ["left_id"])
    op.create_index("ix_review_case_right_id", "review_case", ["right_id"])
    op.create_index("ix_review_case_state", "review_case", ["state"])
    op.create_table(
        "review_look",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "who", "basis", name="pk_review_look"),
    )
    op.create_table(
        "review_verdict",
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("round", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "round", "who", "basis", name="pk_review_verdict"),
    )
    op.create_table(
        "review_audit",
        sa.Column("audit_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("strata", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name="pk_review_audit"),
    )
    op.create_table(
        "review_sample",
        sa.Column("audit_id", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("stratum", sa.String(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", "case_id", name="pk_review_sample"),
    )
