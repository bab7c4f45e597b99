"""The inbox tables as SQL that an agency runs itself: SQLite, PostgreSQL and MariaDB read it alike."""

from __future__ import annotations

from collections.abc import Sequence

from jendela.contracts.delivery import ITEM, SEQUENCE, DeliverySpec
from jendela.model.errors import WrongUseError

HEAD = """\
-- Inbox of {office}: run once by the agency, in a database or schema that Jendela's inbox account
-- may write to. Rendered from deliver_*.yaml; do not edit.
--
-- Jendela inserts rows and never changes one. verb: upsert (take this row over) or retract (it is no
-- longer so; only the keys are filled). jdl_item names what a row is about, jdl_seq the night: a row with
-- a smaller jdl_seq than one already taken over for the same jdl_item is to be ignored.
-- The agency answers in the row itself: ack_status DITERIMA or DITOLAK, ack_at (ISO), and ack_reason with
-- its own code of refusal, such as K01: words are sealed. An unanswered row is looked at again the next
-- nights, an answered one for fourteen days more: within them an answer may be changed.
-- jdl_announcement says that a delivery of a night is complete, and with how many rows: zero is a fact.
"""
ANNOUNCEMENT = """
CREATE TABLE jdl_announcement (
  recipient VARCHAR(40) NOT NULL,
  delivery VARCHAR(60) NOT NULL,
  night VARCHAR(10) NOT NULL,
  row_count INTEGER NOT NULL,
  announced_at VARCHAR(32) NOT NULL,
  PRIMARY KEY (recipient, delivery, night)
);
"""
FIXED = (
    "delivery_id VARCHAR(64) NOT NULL PRIMARY KEY",
    "verb VARCHAR(8) NOT NULL",
    "night VARCHAR(10) NOT NULL",
    "recipient VARCHAR(40) NOT NULL",
    f"{ITEM} VARCHAR(64) NOT NULL",
    f"{SEQUENCE} VARCHAR(8) NOT NULL",
)
ANSWER = ("ack_status VARCHAR(16)", "ack_at VARCHAR(32)", "ack_reason VARCHAR(200)")
LONG = frozenset({"reason_narrative", "rules", "text_id", "text_en", "legal_source"})


def render_inbox(specs: Sequence[DeliverySpec]) -> str:
    """The text of `mappings/<office>/inbox.sql` for the deliveries of one office.

    Raises:
        WrongUseError: a column is not in lower case: unquoted names are folded differently by each database.
    """
    office = specs[0].office
    tables = [_table(spec) for spec in sorted(specs, key=lambda spec: spec.target)]
    return HEAD.format(office=office) + "".join(tables) + ANNOUNCEMENT


def _table(spec: DeliverySpec) -> str:
    own = []
    for field in spec.fields:
        if field.column != field.column.lower():
            raise WrongUseError(f"{spec.key}: {field.column} must be in lower case in an SQL inbox.")
        kind = "TEXT" if field.source in LONG and not field.limit else f"VARCHAR({field.limit or 255})"
        own.append(f"{field.column} {kind}")
    columns = ",\n  ".join((*FIXED, *own, *ANSWER))
    return f"\n-- {spec.delivery} for {spec.recipient}\nCREATE TABLE {spec.target} (\n  {columns}\n);\n"
