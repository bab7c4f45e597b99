"""The hub database, as SQLAlchemy tables. Alembic migrations make the same; a test compares the two.

Two time axes: `seq_from`/`seq_to` say when the hub knew a thing (night sequence, half-open);
when it was true is in the facts themselves. Nothing that names a person is in clear here.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from jendela.store.landing_tables import batch, breaker_reset, feed_state, landed_file
from jendela.store.letter_tables import letter_finding
from jendela.store.metadata import ID, NAME, metadata
from jendela.store.numbered_tables import (
    employer_member,
    employer_node,
    identity_edge,
    identity_node,
    identity_pair,
    identity_record,
    leaf_secret,
    person,
    person_member,
)
from jendela.store.record_tables import person_version, record_version, source_row
from jendela.store.review_tables import (
    review_audit,
    review_case,
    review_look,
    review_sample,
    review_verdict,
)

# Kept elsewhere, found here: every other table is defined below.
__all__ = [
    "batch",
    "breaker_reset",
    "employer_member",
    "employer_node",
    "feed_state",
    "identity_edge",
    "identity_node",
    "identity_pair",
    "identity_record",
    "landed_file",
    "leaf_secret",
    "letter_finding",
    "metadata",
    "person",
    "person_member",
    "person_version",
    "record_version",
    "review_audit",
    "review_case",
    "review_look",
    "review_sample",
    "review_verdict",
    "source_row",
]

night = Table(
    "night",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("state", String(10), nullable=False),  # open | closed
    Column("offices", Text, nullable=False),  # JSON list
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("supplement", Integer, nullable=False, server_default=text("0")),  # 0: the night itself
    UniqueConstraint("day", "supplement", name="uq_night_day_supplement"),
)
night_lease = Table(
    "night_lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # always 1
    Column("day", Date, nullable=False),
    Column("token", String(200), nullable=False),
    Column("host", NAME, nullable=False),
    Column("pid", Integer),
    Column("pid_started", Float),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("supplement", Integer, nullable=False, server_default=text("0")),
)
EMPTIED = b""  # a sealed value whose time is past; what is sealed is never empty
held_row = Table(
    "held_row",
    metadata,
    Column("held_id", ID, primary_key=True),
    Column("feed", NAME, nullable=False, index=True),
    Column("office", NAME, nullable=False),
    Column("record_id", ID, nullable=False, index=True),
    Column("batch_id", ID, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("source_line", BigInteger),
    Column("source_name", String(255)),  # of a letter's file: `#` and a keyed hash of its name
    Column("sealed_name", LargeBinary),  # the name of a letter's file; null: it is `source_name`
    Column("violations", Text, nullable=False),  # JSON list of {entity, field, rule}; never a value
    Column("sealed_row", LargeBinary, nullable=False),  # JSON of the source row, sealed; `EMPTIED` later
    Column("state", String(12), nullable=False, index=True),  # held | released | discarded | superseded
    Column("decided_by", NAME),
    Column("decided_why", Text),
    Column("decided_seq", Integer),
    # Of a letter, to know it again when it comes mended: keyed hashes of number, employer and worker.
    Column("letter_by_name", ID, index=True),
    Column("letter_by_nik", ID, index=True),
    Column("mended_by", ID),  # the record that came in its place and was accepted; its own: the same row
    Column("closed_seq", Integer),
)
identity_run = Table(  # runs of blocking keys: jendela/identity/key_runs.py
    "identity_run",
    metadata,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("level", SmallInteger, nullable=False),  # 0 the latest nights' … 2 the rest
    Column("size", BigInteger, nullable=False),  # how many keys
    Column("first", BigInteger, nullable=False),  # the number of its first chunk
    Column("begins", LargeBinary, nullable=False),  # the first key of each chunk
)
identity_key = Table(  # keyed hashes of blocking keys, the kind in the last four bits, by chunks of a run
    "identity_key",
    metadata,
    Column("chunk", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("entries", LargeBinary, nullable=False),  # keys in order, then the number of the mention of each
)
identity_forgotten = Table(  # numbers that are nobody's any longer: jendela/identity/forgotten.py
    "identity_forgotten",
    metadata,
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("bits", LargeBinary, nullable=False),
)
identity_fit = Table(  # what the model was fitted to; the frequencies are an artefact of that night
    "identity_fit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("population", BigInteger, nullable=False),
    Column("numbered", BigInteger, nullable=False),  # the last number given to a record
    Column("versions", Text, nullable=False),  # JSON
    Column("body", Text, nullable=False),  # JSON: model, matches, hashed frequencies' digest
)
identity_decision = Table(
    "identity_decision",
    metadata,
    Column("decision_id", ID, primary_key=True),
    Column("left_id", ID, nullable=False, index=True),
    Column("right_id", ID, nullable=False, index=True),
    Column("verdict", String(12), nullable=False),  # must_link | cannot_link
    Column("who", NAME, nullable=False),
    Column("why", Text, nullable=False),
    Column("decided_at", DateTime(timezone=True), nullable=False),
    Column("seq", Integer),  # the night that followed it first
)
employer = Table(  # an establishment
    "employer",
    metadata,
    Column("employer_id", ID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("merged_into", ID),
    Column("merged_seq", Integer),
    Column("entity_id", ID, index=True),  # the legal entity; null: only mentions know the employer
)
legal_entity = Table(
    "legal_entity",
    metadata,
    Column("entity_id", ID, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("merged_into", ID),
    Column("merged_seq", Integer),
)
employer_reference = Table(  # what mentions say of their employer, each wording once
    "employer_reference",
    metadata,
    Column("reference_id", ID, primary_key=True),
    Column("facts", Text, nullable=False),  # JSON of numbers, name and area; nothing of the worker
    Column("employer_id", ID, index=True),
    Column("verdict", String(12), nullable=False),  # number | name | minted | unclear | conflict | unknown
    Column("seq", Integer, nullable=False),
)
employer_key = Table(  # employers' numbers and names, in clear: they are public
    "employer_key",
    metadata,
    Column("kind", String(12), primary_key=True),  # npp | wlkp | nib | …: jendela/identity/employers/keys.py
    Column("key", String(80), primary_key=True),
    Column("owner_id", ID, primary_key=True),  # a record or a reference
    Column("bearer", String(80)),  # sets the bearers of a key apart; null: a reference, no evidence
    Index("ix_employer_key_owner_id", "owner_id"),
    sqlite_with_rowid=False,
)
fact = Table(
    "fact",
    metadata,
    Column("fact_id", ID, primary_key=True),
    Column("entity", NAME, nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("minted_by", ID, nullable=False),
    Column("merged_into", ID),
)
record_fact = Table(
    "record_fact",
    metadata,
    Column("record_id", ID, primary_key=True),
    Column("entity", NAME, primary_key=True),
    Column("fact_id", ID, nullable=False, index=True),
)
canonical_version = Table(
    "canonical_version",
    metadata,
    Column("fact_id", ID, primary_key=True),
    Column("seq_from", Integer, primary_key=True, autoincrement=False),
    Column("seq_to", Integer, index=True),
    Column("entity", NAME, nullable=False, index=True),
    Column("person_id", ID, index=True),
    Column("employer_id", ID, index=True),
    Column("facts", Text, nullable=False),  # JSON of the winning values
    Column("provenance", Text, nullable=False),  # JSON {field: [record_id, office, rule]}
    Column("versions", Text, nullable=False),
)
discrepancy = Table(
    "discrepancy",
    metadata,
    Column("discrepancy_id", ID, primary_key=True),
    Column("code", String(10), nullable=False, index=True),
    Column("state", String(12), nullable=False, index=True),  # open | closed
    Column("severity", String(10), nullable=False),
    Column("owner", NAME, nullable=False),
    Column("person_id", ID, index=True),
    Column("employer_id", ID),
    Column("office", NAME),  # the competent office, where there is one
    Column("records", Text, nullable=False),  # JSON list of source record ids, sorted: what the id is made of
    Column("side_a", Text, nullable=False),  # JSON {office, feed, record_id, field, value, as_of}
    Column("side_b", Text, nullable=False),
    Column("first_seq", Integer, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("closed_seq", Integer),
    Column("closing_evidence", Text),
    Column("times_opened", Integer, nullable=False),
    Column("versions", Text, nullable=False),  # JSON: rule, law regime, discrepancies.csv
)
obligation = Table(
    "obligation",
    metadata,
    Column("obligation_id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),  # resignation_statement
    Column("fact_id", ID, nullable=False, index=True),
    Column("person_id", ID),
    Column("employer_id", ID),
    Column("owner", NAME, nullable=False),
    Column("state", String(12), nullable=False),  # open | met | lapsed
    Column("opened_seq", Integer, nullable=False),
    Column("opened_day", Date, nullable=False),
    Column("due_date", Date, nullable=False),
    Column("closed_seq", Integer),
)
delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", ID, primary_key=True),
    Column("recipient", NAME, nullable=False),  # e.g. dinas.3215.hi
    Column("office", NAME, nullable=False),
    Column("delivery", NAME, nullable=False),  # e.g. letters
    Column("item_key", ID, nullable=False, index=True),  # fact_id
    Column("verb", String(8), nullable=False),  # upsert | retract
    Column("content_hash", ID, nullable=False),
    Column("basis_hash", ID, nullable=False),  # what it was made from: equal means nothing need be unsealed
    Column("record_id", ID, nullable=False),  # whose values it carries: salts the evidence
    Column("sealed", LargeBinary, nullable=False),  # JSON of the recipient's columns, sealed
    Column("seq", Integer, nullable=False),  # night it became due
    Column("state", String(12), nullable=False, index=True),  # pending | acknowledged | refused | expired
    Column("attempts", Integer, nullable=False),
    Column("sent_seq", Integer),
    Column("acked_at", String(40)),
    Column("ack_reason", String(200)),  # a kind of schemas/codes/refusal_reason.csv, or a short code
    Column("ack_words", LargeBinary),  # a refusal's own words, sealed: they may name people
    Column("ack_digest", ID, index=True),  # their keyed hash
    Column("closed_seq", Integer),
    Column("escalated_seq", Integer),
    # What was answered of late is asked for each night, of each delivery, among all that ever was.
    Index("ix_delivery_answered", "recipient", "delivery", "closed_seq"),
)
echo = Table(
    "echo",
    metadata,
    Column("office", NAME, primary_key=True),
    Column("entity", NAME, primary_key=True),
    Column("echo_hash", ID, primary_key=True),
    Column("delivery_id", ID, nullable=False),
)
receipt = Table(
    "receipt",
    metadata,
    Column("day", Date, primary_key=True),
    Column("supplement", Integer, primary_key=True, autoincrement=False, server_default=text("0")),
    Column("step", String(24), primary_key=True),
    Column("scope", NAME, primary_key=True),
    Column("body", Text, nullable=False),
    Column("leaf", BigInteger, nullable=False),
)
ledger_leaf = Table(
    "ledger_leaf",
    metadata,
    Column("idx", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(24), nullable=False),  # receipt | decision | release | view | erasure | retention
    Column("body", Text, nullable=False),
    Column("leaf_hash", String(64), nullable=False),
)
