"""What a hub holds, opened and without what a clock or a nonce put there: to compare two hubs row for row."""

from __future__ import annotations

import csv
from pathlib import Path

from sqlalchemy import select

from jendela.crypto import unseal
from jendela.store import tables

LEFT_OUT = {
    "opened_at",
    "closed_at",
    "decided_at",
    "expires_at",
    "secret",
    "leaf_hash",
    "leaf",
    "batch_id",
    "manifest",
    "sha256",
}
REGISTER = (
    tables.source_row, tables.held_row, tables.record_version, tables.person_version, tables.identity_key,
    tables.identity_node, tables.identity_edge, tables.person, tables.employer, tables.employer_node,
    tables.employer_key, tables.fact, tables.record_fact, tables.canonical_version, tables.discrepancy,
    tables.obligation, tables.delivery, tables.echo, tables.feed_state, tables.letter_finding,
)  # fmt: skip


def rows(hub, table):
    """The rows of one table, unsealed, in a fixed order."""
    with hub.begin() as conn:
        found = [dict(row) for row in conn.execute(select(table)).mappings()]
    for row in found:
        for name in list(row):
            if name in LEFT_OUT:
                del row[name]
            elif name in ("sealed", "sealed_row", "sealed_name", "ack_words") and row[name] is not None:
                row[name] = unseal(hub.keyring, row[name], f"{table.name}.{name}")
    return sorted(found, key=repr)


def register(hub):
    """Every table of the register by name."""
    return {table.name: rows(hub, table) for table in REGISTER}


def inboxes(folder: Path) -> dict[str, list[str]]:
    """Every row in every agency's inbox: what was delivered, however often it was tried."""
    import sqlalchemy as sa

    found: dict[str, list[str]] = {}
    for database in sorted(folder.glob("*/inbox.sqlite")):
        engine = sa.create_engine(f"sqlite:///{database}")
        with engine.connect() as conn:
            for name in sorted(sa.inspect(engine).get_table_names()):
                table = sa.Table(name, sa.MetaData(), autoload_with=engine)
                kept = [c for c in table.c if c.name not in ("announced_at",)]
                found[f"{database.parent.name}.{name}"] = sorted(
                    map(repr, conn.execute(select(*kept)).tuples())
                )
        engine.dispose()
    for file in sorted(folder.glob("*/masuk/*.csv")):
        with file.open(encoding="utf-8", newline="") as handle:
            found[f"{file.parent.parent.name}/{file.name}"] = sorted(
                map(repr, csv.reader(handle, delimiter=";"))
            )
    return found
