"""What the rules say of letters that were accepted: kept beside the register, told to their senders."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text, text

from jendela.store.metadata import ID, NAME, metadata

letter_finding = Table(
    "letter_finding",
    metadata,
    Column("record_id", ID, primary_key=True),
    Column("seq_from", Integer, primary_key=True, autoincrement=False),
    Column("seq_to", Integer),
    Column("feed", NAME, nullable=False),
    Column("office", NAME, nullable=False),
    Column("source_line", Integer),
    Column("source_name", Text),  # of a letter's file # and its keyed hash
    Column("sealed_name", LargeBinary),
    Column("violations", Text, nullable=False),  # JSON list of {entity, field, rule, severity}; never a value
    Column("sealed", LargeBinary, nullable=False),  # JSON {key, told: [{message_id, message_en, article}, …]}
    Column("versions", Text, nullable=False),  # JSON: rules, law
    # Few are in force beside all that were.
    Index(
        "ix_letter_finding_current",
        "office",
        sqlite_where=text("seq_to IS NULL"),
        postgresql_where=text("seq_to IS NULL"),
    ),
)
