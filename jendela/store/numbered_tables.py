"""What grows with every night, by the number of the record: the new lie side by side, not on a page each.

A record's number is in `source_row`. Who asks by record id, or wants to be told it, reads the views.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table

from jendela.store.metadata import ID, NUMBER, metadata

# Read only: they are joins with `source_row`, made by the migrations.
views = MetaData()

person_member = Table(
    "person_member",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("person_id", ID, nullable=False, index=True),
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
leaf_secret = Table(
    "leaf_secret",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
)
