"""What grows with every night, by the number of the record: the new lie side by side, not on a page each.

A record's number is in `source_row`. Who asks by record id, or wants to be told it, reads the views.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    text,
)

from jendela.store.metadata import ID, NAME, NUMBER, metadata

# Read only: they are joins with `source_row`, made by the migrations.
views = MetaData()

person = Table(
    "person",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),  # of its own, not of a record
    Column("person_id", ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("merged_into", ID),
    Column("merged_seq", Integer),
    Index("ix_person_person_id", "person_id", unique=True),
)
person_member = Table(
    "person_member",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("person", BigInteger, nullable=False, index=True),
    # The last night on which the record came to its person, or another left that person.
    Column("seq", Integer, nullable=False, index=True),
)
identity_node = Table(
    "identity_node",
    views,
    Column("record_id", ID),
    Column("number", NUMBER),
    Column("person_id", ID),
    Column("seq", Integer),
)
identity_record = Table(  # what mentions say; one that says something else is another, with another number
    "identity_record",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("record", BigInteger, nullable=False),  # the number of the record
    Column("record_id", ID, nullable=False),
    Column("nik", String(32)),  # keyed hash: whose number two people share
    Column("sealed", LargeBinary, nullable=False),  # JSON of what the mention says, sealed: opened to compare
    Index("ix_identity_record_record", "record", unique=True),
)
_FOUND = (  # columns of a pair and of the view over it
    ("tier", String(16)),  # certain | probabilistic
    ("probability", Float),
    ("weight", Float),  # log2 of the odds: what divides a component
    ("zone", String(8)),  # link | review | apart
    ("reasons", Text),  # JSON list of reason codes
    ("model", NAME),
    ("seq", Integer),
)
identity_pair = Table(  # of records whose ids are in this order
    "identity_pair",
    metadata,
    Column("left", NUMBER, primary_key=True, autoincrement=False),
    Column("right", NUMBER, primary_key=True, autoincrement=False),
    *(Column(name, kind, nullable=False) for name, kind in _FOUND),
    Index("ix_identity_pair_right", "right"),
    # Links are many, reviews few: the queue is read without passing the links.
    Index(
        "ix_identity_pair_zone",
        "zone",
        sqlite_where=text("zone = 'review'"),
        postgresql_where=text("zone = 'review'"),
    ),
)
identity_edge = Table(
    "identity_edge",
    views,
    Column("left_id", ID),
    Column("right_id", ID),
    *(Column(name, kind) for name, kind in _FOUND),
)
employer_member = Table(
    "employer_member",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("employer_id", ID),  # null: which employer is meant cannot be told
    Column("reference_id", ID, index=True),  # what a mention says of its employer; null: a record of its own
    Column("seq", Integer, nullable=False),
    # Mentions are found by their wording.
    Index(
        "ix_employer_member_employer_id",
        "employer_id",
        sqlite_where=text("reference_id IS NULL"),
        postgresql_where=text("reference_id IS NULL"),
    ),
)
employer_node = Table(
    "employer_node",
    views,
    Column("record_id", ID),
    Column("number", NUMBER),
    Column("employer_id", ID),
    Column("reference_id", ID),
    Column("seq", Integer),
)
leaf_secret = Table(
    "leaf_secret",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
)
