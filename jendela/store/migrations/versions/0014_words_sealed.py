"""What offices wrote in their own words is sealed: names of letters' files, reasons of a refusal.

The name of a file that is no letter's, as an agreed pattern says it, stays as it is. Whether a feed is of
letters its batches say; where none is known its names are sealed.

A reason that is neither an agreed kind nor a short code could name somebody (SITI_AMINAH): it is sealed, with
its keyed hash beside it, and told as UNCODED.
"""

from __future__ import annotations

import json
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
    letters = _Letters(op.get_bind())
    for table, key in (("held_row", ("held_id",)), ("letter_finding", ("record_id", "seq_from"))):
        op.add_column(table, sa.Column("sealed_name", sa.LargeBinary()))
        _names(table, key, letters)
    _landed()
    op.add_column("delivery", sa.Column("ack_words", sa.LargeBinary()))
    op.add_column("delivery", sa.Column("ack_digest", ID))
    op.create_index("ix_delivery_ack_digest", "delivery", ["ack_digest"])
    _refusals()


class _Letters:
    """Which feeds are of letters."""

    def __init__(self, conn: sa.Connection) -> None:
        said = conn.execute(sa.text("SELECT feed, manifest FROM batch"))
        self._rows = {feed for feed, manifest in said if json.loads(manifest).get("mode", "drop") != "drop"}

    def __contains__(self, feed: str) -> bool:
        return feed not in self._rows


def _names(name: str, key: tuple[str, ...], letters: _Letters) -> None:
    table = sa.table(
        name, *map(sa.column, (*key, "feed", "source_name")), sa.column("sealed_name", sa.LargeBinary())
    )
    row, conn = table.c, op.get_bind()
    found = conn.execute(sa.select(table).where(row.source_name.is_not(None))).mappings()
    changed = [
        {
            **{f"of_{part}": one[part] for part in key},
            "hashed": _hashed(one["source_name"]),
            "sealed": seal(_keyring(), one["source_name"].encode(), f"{name}.sealed_name"),
        }
        for one in found
        if one["feed"] in letters
    ]
    if changed:
        where = [row[part] == sa.bindparam(f"of_{part}") for part in key]
        values: dict[str, Any] = {
            "source_name": sa.bindparam("hashed"),
            "sealed_name": sa.bindparam("sealed"),
        }
        conn.execute(sa.update(table).where(*where).values(values), changed)


def _landed() -> None:
    """Only files of letters are listed there."""
    table = sa.table("landed_file", *map(sa.column, ("feed", "name")))
    row, conn = table.c, op.get_bind()
    found = conn.execute(sa.select(row.feed, row.name).distinct()).all()
    changed = [{"of_feed": feed, "of_name": name, "hashed": _hashed(name)} for feed, name in found]
    if changed:
        mine = (row.feed == sa.bindparam("of_feed"), row.name == sa.bindparam("of_name"))
        conn.execute(sa.update(table).where(*mine).values(name=sa.bindparam("hashed")), changed)


def _hashed(name: str) -> str:
    return "#" + hash_one(_keyring(), "document_name", name)


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
