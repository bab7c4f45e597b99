"""Members of persons and secrets of leaves by the record's number: a night's new ones lie side by side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.String(64)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Every record has a number since 0010. The persons keep their ids."""
    op.create_table(
        "person_member",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_person_member"),
    )
    op.execute(
        "INSERT INTO person_member (number, person_id, seq) SELECT r.number, n.person_id, n.seq"
        " FROM source_row r JOIN identity_node n ON n.record_id = r.record_id ORDER BY r.number"
    )
    op.create_index("ix_person_member_person_id", "person_member", ["person_id"])
    op.create_index("ix_person_member_seq", "person_member", ["seq"])
    op.drop_table("identity_node")
    op.execute(
        "CREATE VIEW identity_node AS SELECT r.record_id, m.number, m.person_id, m.seq"
        " FROM person_member m JOIN source_row r ON r.number = m.number"
    )
    op.create_table(
        "numbered_leaf_secret",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_numbered_leaf_secret"),
    )
    op.execute(
        "INSERT INTO numbered_leaf_secret (number, secret) SELECT r.number, s.secret"
        " FROM source_row r JOIN leaf_secret s ON s.record_id = r.record_id ORDER BY r.number"
    )
    op.drop_table("leaf_secret")
    op.rename_table("numbered_leaf_secret", "leaf_secret")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_numbered_leaf_secret RENAME TO pk_leaf_secret")
