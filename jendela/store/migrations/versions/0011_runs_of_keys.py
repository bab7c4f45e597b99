"""Blocking keys in runs, by chunks of a page: a night writes and reads a thousandth of the rows."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

CHUNK = 336
SLICE = 1_000
PART = 4_000


def upgrade() -> None:
    """The keys of each level become one run of it; of the levels the last is the oldest."""
    op.rename_table("identity_key", "identity_key_by_row")
    op.create_table(
        "identity_run",
        sa.Column("run", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("begins", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run", name="pk_identity_run"),
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    table = op.create_table(
        "identity_key_of_run",
        sa.Column("chunk", number, autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chunk", name="pk_identity_key_of_run"),
    )
    conn = op.get_bind()
    first, run = 1, 1
    for level in (2, 1, 0):
        begins: list[int] = []
        size = 0
        for chunks in _sliced(_chunks(conn, level)):
            rows = [{"chunk": first + len(begins) + at, "entries": _packed(c)} for at, c in enumerate(chunks)]
            conn.execute(table.insert(), rows)
            begins += [chunk[0][0] for chunk in chunks]
            size += sum(len(chunk) for chunk in chunks)
        if begins:
            conn.execute(
                sa.text(
                    "INSERT INTO identity_run (run, level, size, first, begins)"
                    " VALUES (:run, :level, :size, :first, :begins)"
                ),
                {
                    "run": run,
                    "level": level,
                    "size": size,
                    "first": first,
                    "begins": struct.pack(f"<{len(begins)}q", *begins),
                },
            )
            first, run = first + len(begins), run + 1
    _note_forgotten(conn)
    op.drop_table("identity_key_by_row")
    op.rename_table("identity_key_of_run", "identity_key")
    if conn.dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_identity_key_of_run RENAME TO pk_identity_key")
        # A chunk fits into a page: beside the row, in pieces, it would take three reads.
        op.execute("ALTER TABLE identity_key ALTER COLUMN entries SET STORAGE PLAIN")


def _note_forgotten(conn: sa.Connection) -> None:
    """The numbers that were given and have no record."""
    table = op.create_table(
        "identity_forgotten",
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bits", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("part", name="pk_identity_forgotten"),
    )
    numbered = conn.execute(sa.text("SELECT coalesce(max(numbered), 0) FROM identity_fit")).scalar_one()
    given = conn.execute(sa.text("SELECT coalesce(max(number), 0) FROM identity_record")).scalar_one()
    last = max(numbered, given)
    size = 8 * PART
    between = sa.text("SELECT number FROM identity_record WHERE number >= :first AND number < :end")
    for part in range(last // size + 1):
        first, end = max(part * size, 1), min((part + 1) * size, last + 1)
        bits = bytearray(PART)
        kept = set(conn.execute(between, {"first": first, "end": end}).scalars())
        for number in set(range(first, end)) - kept:
            bits[number % size // 8] |= 1 << number % 8
        if any(bits):
            conn.execute(table.insert(), {"part": part, "bits": bytes(bits)})


def _chunks(conn: sa.Connection, level: int) -> Iterator[list[tuple[int, int]]]:
    """The keys and numbers of a level in order, by chunks."""
    query = sa.text("SELECT key, number FROM identity_key_by_row WHERE level = :level ORDER BY key, number")
    read = conn.execute(query, {"level": level}, execution_options={"stream_results": True})
    for rows in read.partitions(CHUNK):
        yield [(row[0], row[1]) for row in rows]


def _sliced(chunks: Iterator[list[tuple[int, int]]]) -> Iterator[list[list[tuple[int, int]]]]:
    for _, some in groupby(enumerate(chunks), key=lambda numbered: numbered[0] // SLICE):
        yield [chunk for _, chunk in some]


def _packed(chunk: list[tuple[int, int]]) -> bytes:
    keys: list[Any] = [key for key, _ in chunk]
    numbers: list[Any] = [number for _, number in chunk]
    return struct.pack(f"<{len(keys)}q", *keys) + struct.pack(f"<{len(numbers)}I", *numbers)
