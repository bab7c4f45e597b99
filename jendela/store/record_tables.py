"""Source records and their versions. A record has a number: what grows with every night is ordered by it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text, text

from jendela.store.metadata import ID, NAME, NUMBER, metadata

ENDED = text("seq_to IS NOT NULL")  # nearly all versions are in force: an index of those would be of no use

# Of keyed hashes, which come in no order: store/records.py says when it is made. They are compared as bytes,
# not as words of a language, which takes twice as long.
ID_INDEX = Index(
    "ix_source_row_record_id",
    "record_id",
    unique=True,
    postgresql_ops={"record_id": "varchar_pattern_ops"},
)
# By blocks: one that is not summed up yet is read for every question, and nothing else would do it for weeks.
BLOCKS: dict[str, Any] = {"postgresql_using": "brin", "postgresql_with": {"autosummarize": "on"}}

source_row = Table(
    "source_row",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),  # given once: store/records.py
    Column("feed", NAME, nullable=False),
    Column("record_id", ID, nullable=False),
    Column("row_hash", ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),  # accepted | held | echo | discarded
    Column("deleted_seq", Integer),
    Column("as_of", String(10)),  # the business date of the file that said so; null: it has none
    ID_INDEX,
    # Rows of one feed lie together, as those of one night do below: blocks tell them apart at no cost.
    Index("ix_source_row_feed", "feed", **BLOCKS),
)
record_version = Table(
    "record_version",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("entity", NAME, primary_key=True),
    Column("seq_from", Integer, primary_key=True, autoincrement=False),
    Column("seq_to", Integer),
    Column("batch", Integer, nullable=False),  # its number: who said it, and the versions that judged it
    Column("facts", Text, nullable=False),  # JSON of the contract's non-identifying fields
    Index("ix_record_version_seq_from", "seq_from", **BLOCKS),
    Index("ix_record_version_seq_to", "seq_to", sqlite_where=ENDED, postgresql_where=ENDED),
)
person_version = Table(
    "person_version",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("seq_from", Integer, primary_key=True, autoincrement=False),
    Column("seq_to", Integer),
    Column("sealed", LargeBinary, nullable=False),  # JSON of the contract's identifying fields, sealed
)
