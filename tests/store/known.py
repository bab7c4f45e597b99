"""Records as the merge makes them known: with a number."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from sqlalchemy import Connection

from jendela.store import frames, records, tables

PERSONS = {"record_id": pl.String, "person_id": pl.String}
EMPLOYERS = {"record_id": pl.String, "employer_id": pl.String}


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
    there = frames.read(conn, tables.person).select("person_id", "number")
    new = sorted(set(persons.values()) - set(there["person_id"]))
    last = int(there["number"].max() or 0)  # type: ignore[arg-type]
    made = pl.DataFrame({"person_id": new, "number": range(last + 1, last + 1 + len(new))}, there.schema)
    frames.load(conn, tables.person, made.with_columns(seq=pl.lit(seq)))
    named = pl.DataFrame(list(persons.items()), PERSONS, orient="row")
    members = named.join(known(conn, persons), on="record_id")
    members = members.join(pl.concat([there, made]).select("person_id", person="number"), on="person_id")
    frames.upsert(conn, tables.person_member, members.select("number", "person", seq=pl.lit(seq)))


def employ(conn: Connection, employers: dict[str, str], seq: int) -> None:
    """These records are of these employers, or mean them, from this night on."""
    named = pl.DataFrame(list(employers.items()), EMPLOYERS, orient="row")
    members = named.join(known(conn, employers), on="record_id")
    frames.upsert(conn, tables.employer_member, members.select("number", "employer_id", seq=pl.lit(seq)))


def judged(conn: Connection, edges: pl.DataFrame) -> None:
    """Edges, with the columns of `identity_edge`."""
    numbers = known(conn, [*edges["left_id"], *edges["right_id"]])
    named = edges.join(numbers.rename({"number": "left"}), left_on="left_id", right_on="record_id")
    named = named.join(numbers.rename({"number": "right"}), left_on="right_id", right_on="record_id")
    frames.load(conn, tables.identity_pair, named.drop("left_id", "right_id"))
