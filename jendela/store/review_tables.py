"""The tables of the clerical review: cases, looks, verdicts, and the random samples they are audited by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, LargeBinary, String, Table, Text

from jendela.store.metadata import ID, NAME, metadata

review_case = Table(
    "review_case",
    metadata,
    Column("case_id", ID, primary_key=True),
    Column("left_id", ID, nullable=False, index=True),  # left_id < right_id: what is shown and decided
    Column("right_id", ID, nullable=False, index=True),
    Column("since_seq", Integer, nullable=False),
    Column("state", String(8), nullable=False, index=True),  # open | decided | closed
    Column("closing", String(12)),  # decided | united | vanished | joined | gone
    Column("closed_at", DateTime(timezone=True)),
    Column("round", Integer, nullable=False),
    Column("kept", Boolean, nullable=False),  # open though no edge asks for it: an audit or a person does
)
review_look = Table(
    "review_look",
    metadata,
    Column("case_id", ID, primary_key=True),
    Column("who", NAME, primary_key=True),
    Column("basis", String(40), primary_key=True),  # the versions of the two records that were shown
    Column("looked_at", DateTime(timezone=True), nullable=False),
)
review_verdict = Table(
    "review_verdict",
    metadata,
    Column("case_id", ID, primary_key=True),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("who", NAME, primary_key=True),
    Column("basis", String(40), primary_key=True),
    Column("verdict", String(10), nullable=False),  # same | different | unsure
    Column("why", Text, nullable=False),
    Column("given_at", DateTime(timezone=True), nullable=False),
)
review_audit = Table(
    "review_audit",
    metadata,
    Column("audit_id", ID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("who", NAME, nullable=False),
    Column("drawn_at", DateTime(timezone=True), nullable=False),
    Column("strata", Text, nullable=False),  # JSON: how many pairs each stratum has, and each tradition in it
)
review_sample = Table(
    "review_sample",
    metadata,
    Column("audit_id", ID, primary_key=True),
    Column("case_id", ID, primary_key=True),
    Column("stratum", String(16), nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # JSON {province, tradition}, sealed
)
