"""Records, identities, employers and the canonical register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Records, identities, employers and the canonical register."""
    op.create_table(
        "record_version",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("entity", sa.String(120), nullable=False),
        sa.Column("seq_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq_to", sa.Integer()),
        sa.Column("feed", sa.String(120), nullable=False),
        sa.Column("office", sa.String(120), nullable=False),
        sa.Column("batch_id", sa.String(64), nullable=False),
        sa.Column("row_hash", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "entity", "seq_from", name="pk_record_version"),
    )
    op.create_index("ix_record_version_seq_to", "record_version", ["seq_to"])
    op.create_table(
        "person_version",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("seq_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq_to", sa.Integer()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "seq_from", name="pk_person_version"),
    )
    op.create_index("ix_person_version_seq_to", "person_version", ["seq_to"])
    op.create_table(
        "identity_key",
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "record_id", name="pk_identity_key"),
    )
    op.create_index("ix_identity_key_record_id", "identity_key", ["record_id"])
    op.create_table(
        "identity_node",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_identity_node"),
    )
    op.create_index("ix_identity_node_person_id", "identity_node", ["person_id"])
    op.create_table(
        "identity_edge",
        sa.Column("left_id", sa.String(64), nullable=False),
        sa.Column("right_id", sa.String(64), nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(8), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("left_id", "right_id", name="pk_identity_edge"),
    )
    op.create_index("ix_identity_edge_right_id", "identity_edge", ["right_id"])
    op.create_table(
        "identity_decision",
        sa.Column("decision_id", sa.String(64), nullable=False),
        sa.Column("left_id", sa.String(64), nullable=False),
        sa.Column("right_id", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("who", sa.String(120), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("decision_id", name="pk_identity_decision"),
    )
    op.create_index("ix_identity_decision_left_id", "identity_decision", ["left_id"])
    op.create_index("ix_identity_decision_right_id", "identity_decision", ["right_id"])
    op.create_table(
        "person",
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(64)),
        sa.Column("merged_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("person_id", name="pk_person"),
    )
    op.create_table(
        "employer",
        sa.Column("employer_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(64)),
        sa.Column("merged_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("employer_id", name="pk_employer"),
    )
    op.create_table(
        "employer_node",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("employer_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_employer_node"),
    )
    op.create_index("ix_employer_node_employer_id", "employer_node", ["employer_id"])
    op.create_table(
        "employer_key",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("employer_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", "employer_id", name="pk_employer_key"),
    )
    op.create_table(
        "fact",
        sa.Column("fact_id", sa.String(64), nullable=False),
        sa.Column("entity", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("minted_by", sa.String(64), nullable=False),
        sa.Column("merged_into", sa.String(64)),
        sa.PrimaryKeyConstraint("fact_id", name="pk_fact"),
    )
    op.create_index("ix_fact_entity", "fact", ["entity"])
    op.create_table(
        "record_fact",
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("entity", sa.String(120), nullable=False),
        sa.Column("fact_id", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("record_id", "entity", name="pk_record_fact"),
    )
    op.create_index("ix_record_fact_fact_id", "record_fact", ["fact_id"])
    op.create_table(
        "canonical_version",
        sa.Column("fact_id", sa.String(64), nullable=False),
        sa.Column("seq_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq_to", sa.Integer()),
        sa.Column("entity", sa.String(120), nullable=False),
        sa.Column("person_id", sa.String(64)),
        sa.Column("employer_id", sa.String(64)),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("provenance", sa.Text(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("fact_id", "seq_from", name="pk_canonical_version"),
    )
    op.create_index("ix_canonical_version_employer_id", "canonical_version", ["employer_id"])
    op.create_index("ix_canonical_version_entity", "canonical_version", ["entity"])
    op.create_index("ix_canonical_version_person_id", "canonical_version", ["person_id"])
    op.create_index("ix_canonical_version_seq_to", "canonical_version", ["seq_to"])
