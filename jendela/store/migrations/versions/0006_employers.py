"""Employers as establishments of legal entities, and what mentions say of them, each wording once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Legal entities, references, and keys by record.

    The keys are not carried over: the next night finds that they are missing and makes them again, for all
    employers. Which record is which employer stays.
    """
    op.create_table(
        "legal_entity",
        sa.Column("entity_id", sa.String(64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(64)),
        sa.Column("merged_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("entity_id", name="pk_legal_entity"),
    )
    op.add_column("employer", sa.Column("entity_id", sa.String(64)))
    op.create_index("ix_employer_entity_id", "employer", ["entity_id"])
    with op.batch_alter_table("employer_node") as node:
        node.alter_column("employer_id", existing_type=sa.String(64), nullable=True)
        node.add_column(sa.Column("reference_id", sa.String(64)))
    op.create_index("ix_employer_node_reference_id", "employer_node", ["reference_id"])
    op.create_table(
        "employer_reference",
        sa.Column("reference_id", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("employer_id", sa.String(64)),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("reference_id", name="pk_employer_reference"),
    )
    op.create_index("ix_employer_reference_employer_id", "employer_reference", ["employer_id"])
    op.drop_table("employer_key")
    op.create_table(
        "employer_key",
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("bearer", sa.String(80)),
        sa.PrimaryKeyConstraint("kind", "key", "owner_id", name="pk_employer_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_employer_key_owner_id", "employer_key", ["owner_id"])
