"""Person mentions out of the store: tonight's changed ones, and those that share a key with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from sqlalchemy import ColumnElement, Connection, FromClause, Select, exists, select

from jendela.crypto import Keyring
from jendela.crypto.sealing import unseal_each
from jendela.model.receipt import Receipt
from jendela.store import frames, tables
from jendela.store.record_tables import person_version, record_version
from jendela.store.records import numbers, versions_by_id
from jendela.store.sealed import PERSON_VERSION

SLICE = 40_000  # records read at once: few enough for their numbers to go along with the query
PERSON_ENTITIES = (
    "employment",
    "termination_letter",
    "termination_case",
    "pes_registration",
    "claim",
    "dispute",
)
IDENTIFYING = (
    "nik",
    "full_name",
    "birth_date",
    "birth_place",
    "mother_maiden_name",
    "phone",
    "email",
    "address",
    "kpj",
)
# The contract's names in those of a file of mentions.
AS_MENTIONED = {
    "nik": "national_id",
    "mother_maiden_name": "mother_name",
    "residence_region": "region_code",
}
FACTS = (
    "sex",
    "start_date",
    "residence_region",
    "npp",
    "wlkp_code",
    "nib",
    "npwp",
    "employer_name",
    "workplace_region",
)

_records = versions_by_id
_VERSION = {"number": pl.Int64(), "entity": pl.String(), "facts": pl.String()}


def _present(versions: FromClause) -> ColumnElement[bool]:
    """In force now."""
    return versions.c.seq_to.is_(None)


def changed(conn: Connection, seq: int, entities: tuple[str, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`record_id, number` of the records of these entities with a new version tonight, and of those whose
    last one ended tonight, by id.
    """
    opened = select(_records.c.record_id, _records.c.number).where(
        _records.c.entity.in_(entities), _records.c.seq_from == seq, _present(_records)
    )
    still = _records.alias("still")
    ended = select(_records.c.record_id, _records.c.number).where(
        _records.c.entity.in_(entities),
        _records.c.seq_to == seq,
        ~exists().where(still.c.number == _records.c.number, still.c.entity.in_(entities), _present(still)),
    )
    return tuple(frames.read(conn, query).unique().sort("record_id") for query in (opened, ended))  # type: ignore[return-value]


def every(conn: Connection, entities: tuple[str, ...]) -> pl.DataFrame:
    """`record_id, number` of every record of these entities that is in force, by id."""
    query = select(_records.c.record_id, _records.c.number)
    read = frames.read(conn, query.where(_records.c.entity.in_(entities), _present(_records)))
    return read.unique().sort("record_id")


def last_versions(conn: Connection, step: str) -> dict[str, str] | None:
    """The versions that judged the last night on which this step was done; None before the first."""
    done = select(tables.receipt.c.body).where(tables.receipt.c.step == step)
    body = conn.execute(done.order_by(tables.receipt.c.leaf.desc()).limit(1)).scalar_one_or_none()
    return None if body is None else Receipt.from_json(body).versions


def facts(
    conn: Connection, asked: pl.Series | pl.DataFrame, entities: tuple[str, ...], names: tuple[str, ...]
) -> pl.DataFrame:
    """`record_id` and these facts as text, one row per record; of several entities the first that says.

    Records are `asked` for by id, or by `record_id, number` where the caller knows the numbers.
    """
    version = record_version.c
    query = select(version.number, version.entity, version.facts).where(
        version.entity.in_(entities), version.seq_to.is_(None)
    )
    said = pl.Struct(dict.fromkeys(names, pl.String))

    def told(some: pl.DataFrame) -> pl.DataFrame:
        read = _of_numbers(conn, query, version.number, some)
        rows = frames.framed(read, _VERSION)
        decoded = rows.with_columns(pl.col("facts").str.json_decode(said)).unnest("facts")
        if decoded["number"].is_duplicated().any():
            decoded = (
                decoded.sort("number", "entity").group_by("number").agg(pl.col(names).drop_nulls().first())
            )
        return some.join(decoded, on="number").select("record_id", *names)

    return _by_slices(told, _with_numbers(conn, asked))


def identifying(conn: Connection, keyring: Keyring, asked: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """`record_id` and the identifying fields as text, opened for these records only, which are `asked` for as
    in `facts`.
    """
    version = person_version.c
    query = select(version.number, version.sealed).where(version.seq_to.is_(None))
    said = pl.Struct(dict.fromkeys(IDENTIFYING, pl.String))

    def opened(some: pl.DataFrame) -> pl.DataFrame:
        read = _of_numbers(conn, query, version.number, some)
        plain = pl.Series(unseal_each(keyring, (row[1] for row in read), PERSON_VERSION), dtype=pl.Binary)
        found = pl.DataFrame({"number": [row[0] for row in read]}, {"number": pl.Int64})
        found = found.hstack(plain.cast(pl.String).str.json_decode(said).struct.unnest())
        return some.join(found, on="number").select("record_id", *IDENTIFYING)

    return _by_slices(opened, _with_numbers(conn, asked))


def _with_numbers(conn: Connection, asked: pl.Series | pl.DataFrame) -> pl.DataFrame:
    """`record_id, number` of the different records asked for."""
    if isinstance(asked, pl.Series):
        return numbers(conn, asked.unique())
    return asked.select("record_id", "number").unique()


def _by_slices(look: Callable[[pl.DataFrame], pl.DataFrame], asked: pl.DataFrame) -> pl.DataFrame:
    """What is found of all these records, by id: of a whole register only a part is in memory twice."""
    starts = range(0, max(asked.height, 1), SLICE)
    return pl.concat([look(asked.slice(start, SLICE)) for start in starts]).sort("record_id")


def _of_numbers(
    conn: Connection, query: Select[Any], column: ColumnElement[int], asked: pl.DataFrame
) -> list[tuple[Any, ...]]:
    """The rows of `query` of the records with these numbers, as the driver gives them."""
    if asked.is_empty():
        return []
    with frames.asked(conn, asked["number"].alias("wanted").to_frame()) as wanted:
        return frames.fetched(conn, query.join(wanted, wanted.c.wanted == column))


def employers(conn: Connection, record_ids: pl.Series) -> pl.DataFrame:
    """`record_id, employer_id` of those records that have an employer."""
    asked = record_ids.unique().alias("record_id").to_frame()
    return frames.matching(conn, tables.employer_node, asked).select("record_id", "employer_id")


def mentions(conn: Connection, keyring: Keyring, said: pl.DataFrame) -> pl.DataFrame:
    """The raw frame that `standardise` takes: what was `said` in clear (`record_id`, facts, `employer_id`)
    with the identifying fields beside it.
    """
    return as_mentions(identifying(conn, keyring, said["record_id"]), said)


def as_mentions(named: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """The same of what has been read: `identifying` and what is said in clear."""
    return named.join(said, on="record_id", how="inner", maintain_order="left").rename(AS_MENTIONED)


def stored(conn: Connection, keyring: Keyring, record_ids: pl.Series) -> pl.DataFrame:
    """The same for records of earlier nights."""
    said = facts(conn, record_ids, PERSON_ENTITIES, FACTS)
    said = said.join(employers(conn, record_ids), on="record_id", how="left", maintain_order="left")
    return mentions(conn, keyring, said)
