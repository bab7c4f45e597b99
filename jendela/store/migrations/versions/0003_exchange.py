"""Discrepancies, obligations, deliveries and what we would recognise as our own echo."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Discrepancies, obligations, deliveries and what we would recognise as our own echo."""
    op.create_table(
        "discrepancy",
        sa.Column("discrepancy_id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(10), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("employer_id", sa.String(64)),
        sa.Column("office", sa.String(120)),
        sa.Column("records", sa.Text(), nullable=False),
        sa.Column("side_a", sa.Text(), nullable=False),
        sa.Column("side_b", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("closed_seq", sa.Integer()),
        sa.Column("closing_evidence", sa.Text()),
        sa.Column("times_opened", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("discrepancy_id", name="pk_discrepancy"),
    )
    op.create_index("ix_discrepancy_code", "discrepancy", ["code"])
    op.create_index("ix_discrepancy_person_id", "discrepancy", ["person_id"])
    op.create_index("ix_discrepancy_state", "discrepancy", ["state"])
    op.create_table(
        "obligation",
        sa.Column("obligation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("fact_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("employer_id", sa.String(64)),
        sa.Column("owner", sa.String(120), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("opened_day", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("closed_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("obligation_id", name="pk_obligation"),
    )
    op.create_index("ix_obligation_fact_id", "obligation", ["fact_id"])
    op.create_table(
        "delivery",
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("recipient", sa.String(120), nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("delivery", sa.String(120), nullable=False),
        sa.Column("item_key", sa.String(64), nullable=False),
        sa.Column("verb", sa.String(8), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("basis_hash", sa.String(64), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_seq", sa.Integer()),
        sa.Column("acked_at", sa.String(40)),
        sa.Column("ack_reason", sa.String(200)),
        sa.Column("closed_seq", sa.Integer()),
        sa.Column("escalated_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_item_key", "delivery", ["item_key"])
    op.create_index("ix_delivery_recipient", "delivery", ["recipient"])
    op.create_index("ix_delivery_state", "delivery", ["state"])
    op.create_table(
        "echo",
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("entity", sa.String(120), nullable=False),
        sa.Column("echo_hash", sa.String(64), nullable=False),
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("office", "entity", "echo_hash", name="pk_echo"),
    )
