"""The nights, what was landed and held, the receipts and the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The nights, what was landed and held, the receipts and the ledger."""
    op.create_table(
        "night",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("day"),
        sa.PrimaryKeyConstraint("seq", name="pk_night"),
    )
    op.create_table(
        "night_lease",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("token", sa.String(200), nullable=False),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("pid", sa.Integer()),
        sa.Column("pid_started", sa.Float()),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_night_lease"),
    )
    op.create_table(
        "batch",
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("landing", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("halt_reason", sa.Text()),
        sa.PrimaryKeyConstraint("batch_id", name="pk_batch"),
    )
    op.create_index("ix_batch_seq", "batch", ["seq"])
    op.create_table(
        "feed_state",
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("watermark", sa.String(64)),
        sa.Column("last_rows", sa.BigInteger()),
        sa.Column("last_seq", sa.Integer()),
        sa.Column("last_sweep_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("feed", name="pk_feed_state"),
    )
    op.create_table(
        "landed_file",
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("feed", "name", "sha256", name="pk_landed_file"),
    )
    op.create_table(
        "source_row",
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("deleted_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("feed", "record_id", name="pk_source_row"),
    )
    op.create_table(
        "held_row",
        sa.Column("held_id", sa.String(64), nullable=False),
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("source_line", sa.BigInteger()),
        sa.Column("source_name", sa.String(255)),
        sa.Column("violations", sa.Text(), nullable=False),
        sa.Column("sealed_row", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.String(120)),
        sa.Column("decided_why", sa.Text()),
        sa.Column("decided_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("held_id", name="pk_held_row"),
    )
    op.create_index("ix_held_row_feed", "held_row", ["feed"])
    op.create_index("ix_held_row_record_id", "held_row", ["record_id"])
    op.create_index("ix_held_row_state", "held_row", ["state"])
    op.create_table(
        "receipt",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("step", sa.String(24), nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "step", "scope", name="pk_receipt"),
    )
    op.create_table(
        "ledger_leaf",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("leaf_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("idx", name="pk_ledger_leaf"),
    )
    op.create_table(
        "leaf_secret",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_leaf_secret"),
    )
