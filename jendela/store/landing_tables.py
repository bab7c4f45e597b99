"""The tables of what landed: batches, what is remembered of a feed between nights, files, reset breakers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from jendela.store.metadata import ID, NAME, metadata

batch = Table(
    "batch",
    metadata,
    Column("batch_id", ID, primary_key=True),
    Column("seq", Integer, nullable=False, index=True),
    Column("office", NAME, nullable=False),
    Column("feed", NAME, nullable=False),
    Column("state", String(10), nullable=False),  # landed | judged | merged | halted | released | discarded
    Column("complete", Boolean, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("landing", Text, nullable=False),  # path relative to the state folder
    Column("sha256", String(64), nullable=False),
    Column("manifest", Text, nullable=False),  # JSON
    Column("halt_reason", Text),
    Column("guard", String(12)),  # what halted it: shrink | storm | ahead | measures | unjudged
    Column("decided_by", NAME),
    Column("decided_why", Text),
    Column("decided_seq", Integer),
    Column("taken_from", ID),  # the halted batch whose landing file this one took, once it was released
    Column("number", Integer),  # given by the merge: what its versions call it; null: not merged
    Column("versions", Text),  # JSON of what judged it, known then: {"contracts": {entity: …}, "mapping": …}
    Index("ix_batch_number", "number", unique=True),
)
breaker_reset = Table(  # an office whose circuit breaker a person closed, or wants closed
    "breaker_reset",
    metadata,
    Column("office", NAME, primary_key=True),
    Column("seq", Integer, nullable=False),  # failures up to this night count no more
    Column("who", NAME, nullable=False),
    Column("why", Text, nullable=False),
)
feed_state = Table(
    "feed_state",
    metadata,
    Column("feed", NAME, primary_key=True),
    Column("watermark", String(64)),
    Column("last_rows", BigInteger),
    Column("last_seq", Integer),
    Column("last_sweep_seq", Integer),
    Column("as_of", String(10)),  # the newest business date whose dated files were taken
)
landed_file = Table(
    "landed_file",
    metadata,
    Column("feed", NAME, primary_key=True),
    Column("name", String(255), primary_key=True),  # # and its keyed hash
    Column("sha256", String(64), primary_key=True),
    Column("batch_id", ID, nullable=False),
)
