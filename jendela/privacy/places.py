"""Where a row is at its agency, without the name of a letter's file: such a name may be a person's.

The hub keeps the name of a letter's file sealed, and in its place `#` and its keyed hash, by which files of
one name are known. Files of rows keep their names: an agreed pattern says them, not a clerk.
"""

from __future__ import annotations

import polars as pl

from jendela.contracts.mapping import Feed
from jendela.crypto import Keyring, hash_one, keyed_hash, seal_many, unseal, unseal_many
from jendela.store.hub import Hub
from jendela.store.sealed import NAMES

DOCUMENTS = "drop"  # mode of the feeds whose files are letters
PURPOSE = "document_name"
SIGN = "#"
DIGITS = 12


def hashed(keyring: Keyring, name: str) -> str:
    """What stands for the name of a letter's file wherever the hub keeps or compares it."""
    return SIGN + hash_one(keyring, PURPOSE, name)


def hashes(keyring: Keyring, names: pl.Series) -> pl.Series:
    """The same of a column; null stays null."""
    return (SIGN + keyed_hash(keyring, PURPOSE, names)).alias(names.name)


def hidden(keyring: Keyring, feed: Feed, rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Rows for a table, with `source_name` as it may be kept and `sealed_name` (null: kept as it is)."""
    names = rows["source_name"]
    if feed.source.mode != DOCUMENTS:
        return rows.with_columns(sealed_name=pl.lit(None, pl.Binary()))
    return rows.with_columns(
        source_name=hashes(keyring, names), sealed_name=seal_many(keyring, names, NAMES[table])
    )


def opened(keyring: Keyring, rows: pl.DataFrame, table: str) -> pl.Series:
    """The `source_name` of rows of a table as the agency has it."""
    names = unseal_many(keyring, rows["sealed_name"], NAMES[table]).cast(pl.String)
    return rows.select(pl.coalesce(names.alias("name"), "source_name")).to_series().alias("source_name")


def exact(keyring: Keyring, name: str | None, sealed: bytes | None, line: int | None, table: str) -> str:
    """File and line, as far as the source has them, with the file's own name; for a look that is logged."""
    return _place(unseal(keyring, sealed, NAMES[table]).decode() if sealed else name, line)


def told(hub: Hub, feed: str, name: str | None, line: int | None) -> str:
    """The same for everybody's eyes: of a letter's file `#` and the beginning of its keyed hash.

    The name of a file whose feed is not agreed any more is not told either.
    """
    if name is not None and not name.startswith(SIGN) and _may_name_people(hub, feed):
        name = hashed(hub.keyring, name)
    return _place(name[: len(SIGN) + DIGITS] if name and name.startswith(SIGN) else name, line)


def _place(name: str | None, line: int | None) -> str:
    return " ".join(str(part) for part in (name, line) if part is not None)


def _may_name_people(hub: Hub, feed: str) -> bool:
    office = hub.agreements.offices.get(feed.split(".", maxsplit=1)[0])
    agreed: Feed | None = office.feeds.get(feed) if office is not None else None
    return agreed is None or agreed.source.mode == DOCUMENTS
