"""Members of persons and secrets of leaves by the record's number: a night's new ones lie side by side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.String(64)
KEPT_BY_ID = (
    ("identity_node", "record_id"),
    ("identity_record", "record_id"),
    ("identity_edge", "left_id"),
    ("identity_edge", "right_id"),
    ("employer_node", "record_id"),
    ("leaf_secret", "record_id"),
)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Every record has a number since 0010. The persons keep their ids, and get numbers of their own."""
    for table, column in KEPT_BY_ID:
        _all_known(table, column)
    op.create_table(
        "numbered_person",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("merged_into", ID),
        sa.Column("merged_seq", sa.Integer()),
        sa.PrimaryKeyConstraint("number", name="pk_numbered_person"),
    )
    kept = "person_id, seq, merged_into, merged_seq"
    op.execute(
        f"INSERT INTO numbered_person (number, {kept})"
        f" SELECT row_number() OVER (ORDER BY seq, person_id), {kept} FROM person ORDER BY seq, person_id"
    )
    op.drop_table("person")
    op.rename_table("numbered_person", "person")
    op.create_index("ix_person_person_id", "person", ["person_id"], unique=True)
    op.create_table(
        "person_member",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_person_member"),
    )
    op.execute(
        "INSERT INTO person_member (number, person, seq) SELECT r.number, p.number, n.seq"
        " FROM identity_node n JOIN source_row r ON n.record_id = r.record_id"
        " JOIN person p ON p.person_id = n.person_id ORDER BY r.number"
    )
    op.create_index("ix_person_member_person", "person_member", ["person"])
    op.create_index("ix_person_member_seq", "person_member", ["seq"])
    op.drop_table("identity_node")
    op.execute(
        "CREATE VIEW identity_node AS SELECT r.record_id, m.number, p.person_id, m.seq"
        " FROM person_member m JOIN source_row r ON r.number = m.number JOIN person p ON p.number = m.person"
    )
    _mentions()
    _pairs()
    _employers()
    op.create_table(
        "numbered_leaf_secret",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_numbered_leaf_secret"),
    )
    op.execute(
        "INSERT INTO numbered_leaf_secret (number, secret) SELECT r.number, s.secret"
        " FROM leaf_secret s JOIN source_row r ON s.record_id = r.record_id ORDER BY r.number"
    )
    op.drop_table("leaf_secret")
    op.rename_table("numbered_leaf_secret", "leaf_secret")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_numbered_person RENAME TO pk_person")
        op.execute("ALTER INDEX pk_numbered_leaf_secret RENAME TO pk_leaf_secret")


def _all_known(table: str, column: str) -> None:
    """A row whose record has no number would be left behind, and nobody would miss it."""
    lost = f"SELECT count(*) FROM {table} t LEFT JOIN source_row r ON r.record_id = t.{column}"
    count = op.get_bind().execute(sa.text(f"{lost} WHERE r.number IS NULL")).scalar_one()
    if count:
        raise ValueError(f"{count} rows of {table} are of records that source_row does not have.")


def _mentions() -> None:
    op.create_table(
        "identity_record_of_number",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("record", sa.BigInteger(), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("nik", sa.String(32)),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_identity_record_of_number"),
    )
    op.execute(
        "INSERT INTO identity_record_of_number (number, record, record_id, nik, sealed)"
        " SELECT i.number, r.number, i.record_id, i.nik, i.sealed"
        " FROM identity_record i JOIN source_row r ON r.record_id = i.record_id ORDER BY i.number"
    )
    op.drop_table("identity_record")
    op.rename_table("identity_record_of_number", "identity_record")
    op.create_index("ix_identity_record_record", "identity_record", ["record"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_identity_record_of_number RENAME TO pk_identity_record")


def _pairs() -> None:
    found = "tier, probability, weight, zone, reasons, model, seq"
    op.create_table(
        "identity_pair",
        sa.Column("left", NUMBER, autoincrement=False, nullable=False),
        sa.Column("right", NUMBER, autoincrement=False, nullable=False),
        sa.Column("tier", sa.String(16), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("zone", sa.String(8), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("left", "right", name="pk_identity_pair"),
    )
    op.execute(
        f'INSERT INTO identity_pair ("left", "right", {found})'
        f" SELECT l.number, r.number, e.{', e.'.join(found.split(', '))} FROM identity_edge e"
        " JOIN source_row l ON l.record_id = e.left_id JOIN source_row r ON r.record_id = e.right_id"
        " ORDER BY l.number, r.number"
    )
    op.create_index("ix_identity_pair_right", "identity_pair", ["right"])
    review = sa.text("zone = 'review'")
    op.create_index(
        "ix_identity_pair_zone", "identity_pair", ["zone"], sqlite_where=review, postgresql_where=review
    )
    op.drop_table("identity_edge")
    op.execute(
        "CREATE VIEW identity_edge AS SELECT l.record_id AS left_id, r.record_id AS right_id,"
        f" p.{', p.'.join(found.split(', '))} FROM identity_pair p"
        ' JOIN source_row l ON l.number = p."left" JOIN source_row r ON r.number = p."right"'
    )


def _employers() -> None:
    op.create_table(
        "employer_member",
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("employer_id", ID),
        sa.Column("reference_id", ID),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_employer_member"),
    )
    op.execute(
        "INSERT INTO employer_member (number, employer_id, reference_id, seq)"
        " SELECT r.number, n.employer_id, n.reference_id, n.seq"
        " FROM employer_node n JOIN source_row r ON n.record_id = r.record_id ORDER BY r.number"
    )
    op.create_index("ix_employer_member_reference_id", "employer_member", ["reference_id"])
    own = sa.text("reference_id IS NULL")
    op.create_index(
        "ix_employer_member_employer_id",
        "employer_member",
        ["employer_id"],
        sqlite_where=own,
        postgresql_where=own,
    )
    op.drop_table("employer_node")
    op.execute(
        "CREATE VIEW employer_node AS SELECT r.record_id, m.number, m.employer_id, m.reference_id, m.seq"
        " FROM employer_member m JOIN source_row r ON r.number = m.number"
    )
