"""Every source record has a number, given once, and its versions are kept by it; merged batches have one too.

What was repeated in every version (feed, office, batch id, versions) is the batch's. A version that lacks its
record or its batch stops the migration: nothing is left behind.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

ID, NAME = sa.String(64), sa.String(120)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENDED = sa.text("seq_to IS NOT NULL")


def upgrade() -> None:
    """Records get their numbers by feed and id, batches by night and feed."""
    _batches()
    _made_anew(
        "source_row",
        ["number"],
        [
            _number(),
            sa.Column("feed", NAME, nullable=False),
            sa.Column("record_id", ID, nullable=False),
            sa.Column("row_hash", ID, nullable=False),
            sa.Column("seq", sa.Integer(), nullable=False),
            sa.Column("outcome", sa.String(12), nullable=False),
            sa.Column("deleted_seq", sa.Integer()),
            sa.Column("as_of", sa.String(10)),
        ],
        "SELECT row_number() OVER (ORDER BY feed, record_id), feed, record_id, row_hash, seq, outcome,"
        " deleted_seq, as_of FROM source_row ORDER BY feed, record_id",
    )
    op.create_index("ix_source_row_record_id", "source_row", ["record_id"], unique=True)
    op.create_index("ix_source_row_feed", "source_row", ["feed"], postgresql_using="brin")
    _made_anew(
        "record_version",
        ["number", "entity", "seq_from"],
        [
            _number(),
            sa.Column("entity", NAME, nullable=False),
            *_nights(),
            sa.Column("batch", sa.Integer(), nullable=False),
            sa.Column("facts", sa.Text(), nullable=False),
        ],
        "SELECT s.number, v.entity, v.seq_from, v.seq_to, b.number, v.facts FROM record_version v"
        " LEFT JOIN source_row s ON s.record_id = v.record_id LEFT JOIN batch b ON b.batch_id = v.batch_id"
        " ORDER BY s.number, v.entity, v.seq_from",
    )
    op.create_index("ix_record_version_seq_from", "record_version", ["seq_from"], postgresql_using="brin")
    op.create_index(
        "ix_record_version_seq_to", "record_version", ["seq_to"], sqlite_where=ENDED, postgresql_where=ENDED
    )
    _made_anew(
        "person_version",
        ["number", "seq_from"],
        [_number(), *_nights(), sa.Column("sealed", sa.LargeBinary(), nullable=False)],
        "SELECT s.number, v.seq_from, v.seq_to, v.sealed FROM person_version v"
        " LEFT JOIN source_row s ON s.record_id = v.record_id ORDER BY s.number, v.seq_from",
    )


def _batches() -> None:
    """Merged ones, and any that a version came with; their versions as their first record has them."""
    op.add_column("batch", sa.Column("number", sa.Integer()))
    op.add_column("batch", sa.Column("versions", sa.Text()))
    op.execute(
        "UPDATE batch SET number = n.number FROM ("
        "SELECT batch_id, row_number() OVER (ORDER BY seq, feed) AS number FROM batch"
        " WHERE state = 'merged' OR batch_id IN (SELECT batch_id FROM record_version)"
        ") n WHERE batch.batch_id = n.batch_id"
    )
    op.create_index("ix_batch_number", "batch", ["number"], unique=True)
    batch = sa.table("batch", sa.column("batch_id", ID), sa.column("versions", sa.Text()))
    conn = op.get_bind()
    said = conn.execute(
        sa.text("SELECT batch_id, entity, min(versions) FROM record_version GROUP BY batch_id, entity")
    )
    for batch_id, versions in _told(said).items():
        conn.execute(sa.update(batch).where(batch.c.batch_id == batch_id).values(versions=versions))


def _told(said: Any) -> dict[str, str]:
    """By batch: {"contracts": {entity: version}, "mapping": version}."""
    found: dict[str, dict[str, Any]] = {}
    for batch_id, entity, versions in said:
        one, judged = found.setdefault(batch_id, {"contracts": {}}), json.loads(versions)
        one["contracts"][entity] = judged.get("contract")
        one["mapping"] = judged.get("mapping")
    return {batch_id: json.dumps(one, sort_keys=True) for batch_id, one in found.items()}


def _made_anew(table: str, key: list[str], made: list[sa.Column[Any]], rows: str) -> None:
    """The table with other columns, filled by a query over the old one, in the order of its key."""
    names = ", ".join(column.name for column in made)
    op.create_table(f"new_{table}", *made, sa.PrimaryKeyConstraint(*key, name=f"pk_new_{table}"))
    op.execute(f"INSERT INTO new_{table} ({names}) {rows}")
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER INDEX pk_new_{table} RENAME TO pk_{table}")


def _number() -> sa.Column[int]:
    return sa.Column("number", NUMBER, autoincrement=False, nullable=False)


def _nights() -> list[sa.Column[int]]:
    return [
        sa.Column("seq_from", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq_to", sa.Integer()),
    ]
