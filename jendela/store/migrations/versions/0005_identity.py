"""Identity: blocking keys as whole numbers, edges with their weight, what the model was fitted to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keys and edges are made again by the first night after this: its standardisation is another version."""
    op.drop_table("identity_key")
    op.create_table(
        "identity_record",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("record_id", sa.String(64), nullable=False),
        sa.Column("nik", sa.String(32)),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_identity_record"),
    )
    op.create_index("ix_identity_record_record_id", "identity_record", ["record_id"], unique=True)
    op.create_index("ix_identity_record_nik", "identity_record", ["nik"])
    op.create_table(
        "identity_key",
        sa.Column("key", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("key", "number", name="pk_identity_key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_identity_key_number", "identity_key", ["number"])
    op.execute("DELETE FROM identity_edge")
    with op.batch_alter_table("identity_edge") as edge:
        edge.add_column(sa.Column("weight", sa.Float(), nullable=False))
    with op.batch_alter_table("identity_decision") as decision:
        decision.add_column(sa.Column("seq", sa.Integer()))
    op.create_index("ix_record_version_seq_from", "record_version", ["seq_from"])
    op.create_index("ix_identity_node_seq", "identity_node", ["seq"])
    op.create_table(
        "identity_fit",
        sa.Column("seq", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("population", sa.BigInteger(), nullable=False),
        sa.Column("versions", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_identity_fit"),
    )
