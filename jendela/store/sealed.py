"""For which place each sealed column of the hub is sealed: a value opens under the name of its own only.

Whatever seals or opens a column takes its place from here; a name written another way would make rows that
nobody can open.
"""

from __future__ import annotations

from sqlalchemy import Column

from jendela.store.tables import (
    delivery,
    held_row,
    identity_record,
    letter_finding,
    person_version,
    review_sample,
)


def place_of(column: Column[bytes]) -> str:
    """The context, for `crypto.sealing`, of what a column keeps."""
    return f"{column.table.name}.{column.name}"


ACK_WORDS = place_of(delivery.c.ack_words)
DELIVERY = place_of(delivery.c.sealed)
HELD_NAME = place_of(held_row.c.sealed_name)
HELD_ROW = place_of(held_row.c.sealed_row)
IDENTITY_RECORD = place_of(identity_record.c.sealed)
LETTER_FINDING = place_of(letter_finding.c.sealed)
LETTER_NAME = place_of(letter_finding.c.sealed_name)
PERSON_VERSION = place_of(person_version.c.sealed)
REVIEW_SAMPLE = place_of(review_sample.c.sealed)

# Of the tables that keep names of letters' files.
NAMES = {held_row.name: HELD_NAME, letter_finding.name: LETTER_NAME}
