"""Records as the merge makes them known: with a number."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import Connection

from jendela.store import frames, records, tables


def known(conn: Connection, record_ids: Iterable[str], feed: str = "bpjs.test") -> pl.DataFrame:
    """`record_id, number` of these records, which the hub knows from now on."""
    asked = pl.Series("record_id", sorted(set(record_ids)), dtype=pl.String)
    there = records.numbers(conn, asked)
    new = asked.filter(~asked.is_in(there["record_id"].implode())).to_frame()
    source = {"feed": feed, "row_hash": "h", "seq": 1, "outcome": "accepted"}
    empty = {"deleted_seq": pl.lit(None, pl.Int64), "as_of": pl.lit(None, pl.String)}
    rows = new.with_columns(**{name: pl.lit(value) for name, value in source.items()}, **empty)
    return pl.concat([there, records.note(conn, rows, all_new=True)])


def belong(conn: Connection, persons: dict[str, str], seq: int) -> None:
    """These records are of these persons, from this night on."""
    rows = [(record, person, seq) for record, person in persons.items()]
    schema = {"record_id": pl.String, "person_id": pl.String, "seq": pl.Int64}
    members = pl.DataFrame(rows, schema=schema, orient="row").join(known(conn, persons), on="record_id")
    frames.upsert(conn, tables.person_member, members.drop("record_id"))
