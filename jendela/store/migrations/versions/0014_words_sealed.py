"""What offices wrote in their own words is sealed: reasons of a refusal.

A reason that is neither an agreed kind nor a short code could name somebody (SITI_AMINAH): it is sealed, with
its keyed hash beside it, and told as UNCODED.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from jendela.crypto import Keyring, hash_one, seal
from jendela.model.errors import KeyMissingError

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ID = sa.String(64)
UNCODED = "UNCODED"
SHORT = re.compile(r"[A-Z]{1,2}[-.]?\d{1,3}|\d{1,3}")


def upgrade() -> None:
    """Rows are read and rewritten one by one: few of them are words."""
    op.add_column("delivery", sa.Column("ack_words", sa.LargeBinary()))
    op.add_column("delivery", sa.Column("ack_digest", ID))
    op.create_index("ix_delivery_ack_digest", "delivery", ["ack_digest"])
    _refusals()


def _refusals() -> None:
    table = sa.table(
        "delivery",
        sa.column("delivery_id", ID),
        sa.column("ack_reason", sa.String(200)),
        sa.column("ack_words", sa.LargeBinary()),
        sa.column("ack_digest", ID),
    )
    conn, row = op.get_bind(), table.c
    said = conn.execute(sa.select(row.ack_reason).where(row.ack_reason.is_not(None)).distinct()).scalars()
    for words in [one for one in said if one != UNCODED and not SHORT.fullmatch(one)]:
        kept = {
            "ack_reason": UNCODED,
            "ack_words": seal(_keyring(), words.encode(), "delivery.ack_words"),
            "ack_digest": hash_one(_keyring(), "refusal_words", words),
        }
        conn.execute(sa.update(table).where(row.ack_reason == words).values(kept))


def _keyring() -> Keyring:
    found: Any = context.config.attributes.get("keyring")
    if found is None:
        raise KeyMissingError("This hub has words to be sealed: it is migrated with its key only.")
    return found  # type: ignore[no-any-return]
