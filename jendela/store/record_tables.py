"""Source records and their versions. A record has a number: what grows with every night is ordered by it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from jendela.store.metadata import ID, NAME, NUMBER, metadata

source_row = Table(
    "source_row",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),  # given once: store/records.py
    Column("feed", NAME, nullable=False, index=True),
    Column("record_id", ID, nullable=False),
    Column("row_hash", ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),  # accepted | held | echo | discarded
    Column("deleted_seq", Integer),
    Column("as_of", String(10)),  # the business date of the file that said so; null: it has none
    Index("ix_source_row_record_id", "record_id", unique=True),
)
record_version = Table(
    "record_version",
    metadata,
    Column("record_id", ID, primary_key=True),
    Column("entity", NAME, primary_key=True),
    Column("seq_from", Integer, primary_key=True, autoincrement=False, index=True),
    Column("seq_to", Integer, index=True),
    Column("feed", NAME, nullable=False),
    Column("office", NAME, nullable=False),
    Column("batch_id", ID, nullable=False),
    Column("row_hash", ID, nullable=False),
    Column("facts", Text, nullable=False),  # JSON of the contract's non-identifying fields
    Column("versions", Text, nullable=False),  # JSON: contract, mapping
)
person_version = Table(
    "person_version",
    metadata,
    Column("record_id", ID, primary_key=True),
    Column("seq_from", Integer, primary_key=True, autoincrement=False),
    Column("seq_to", Integer, index=True),
    Column("sealed", LargeBinary, nullable=False),  # JSON of the contract's identifying fields, sealed
)
