"""What would be accepted of a feed, and what held and why: a sample mapped and judged, and nothing kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from jendela.contracts.codes import CodeList
from jendela.contracts.mapping import Feed
from jendela.contracts.odcs import Contract, Field
from jendela.crypto.keyring import KEY_BYTES, Keyring
from jendela.ingest.canonical import map_rows
from jendela.ingest.fingerprints import fingerprinted
from jendela.ingest.reaching import with_reached
from jendela.model.errors import UnusableFeedError
from jendela.model.ports import Connector, Window
from jendela.privacy.views import DOT, masked_name, masked_nik, shape
from jendela.validate.verdict import Verdict, judge

SHOWN = 10


@dataclass(frozen=True)
class Broken:
    """A rule with its count. `outcome` is held, set_aside or note; `column` the source column, if any."""

    rule: str
    entity: str
    field: str
    column: str
    outcome: str
    rows: int


@dataclass(frozen=True)
class Preview:
    """A feed's sample. `duplicates` are rows whose key another row has; `shown` are masked canonical rows."""

    feed: str
    rows: int
    duplicates: int
    accepted: int
    held: int
    broken: tuple[Broken, ...]
    shown: Mapping[str, tuple[Mapping[str, str], ...]]


def sampled(connector: Connector, feed: Feed, rows: int) -> pl.DataFrame:
    """At most `rows` rows of a feed as a night would pull them.

    Raises:
        UnusableFeedError: the feed drops letters, which have no rows of their own.
        UnreachableError: as the connector does.
    """
    if feed.source.mode == "drop":
        raise UnusableFeedError(
            feed.office,
            feed.name,
            "It drops whole files.",
            "Look at them with `jendela letter check FILE`; they need no preview.",
        )
    parts: list[pl.DataFrame] = []
    for table in connector.pull(feed.source, Window(None, None)):
        frame = pl.from_arrow(table.replace_schema_metadata(None))
        assert isinstance(frame, pl.DataFrame)  # noqa: S101 - from_arrow gives a frame for a table
        parts.append(frame)
        if sum(part.height for part in parts) >= rows:
            break
    whole = pl.concat(parts).head(rows)
    if "_row" not in whole.columns:
        whole = whole.with_columns(pl.int_range(1, pl.len() + 1).alias("_row"))
    if "_name" not in whole.columns:
        whole = whole.with_columns(pl.lit(None, pl.String).alias("_name"))
    return whole.with_columns(pl.col("_row").cast(pl.Int64))


def preview(
    rows: pl.DataFrame,
    feed: Feed,
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    night: date,
) -> Preview:
    """The sample judged as the night `night` would judge it, under a key that is thrown away."""
    keyring = thrown_away()
    known = fingerprinted(keyring, feed.source, rows)
    single = known.unique("_record_id", keep="last", maintain_order=True)
    mapped = map_rows(with_reached(single, feed, keyring), feed, contracts)
    verdict = judge(mapped.entities, mapped.problems, contracts, codes, night, _no_echo)
    held = {
        entity: frame.filter(pl.col("_record_id").is_in(verdict.held["_record_id"].implode()))
        for entity, frame in mapped.entities.items()
    }
    shown = {
        entity: tuple(
            _masked(row, contracts[entity])
            for row in pl.concat([verdict.accepted[entity], held[entity]]).head(SHOWN).to_dicts()
        )
        for entity in mapped.entities
    }
    return Preview(
        feed=feed.name,
        rows=known.height,
        duplicates=known.height - single.height,
        accepted=verdict.count("accepted"),
        held=verdict.count("held"),
        broken=_broken(verdict, feed),
        shown=shown,
    )


def thrown_away() -> Keyring:
    """A key for one look: what it hashes can be compared with nothing that is kept."""
    return Keyring((os.urandom(KEY_BYTES),), "preview")


def _no_echo(_entity: str, frame: pl.DataFrame) -> pl.Series:
    return pl.Series("echo", [False] * frame.height, dtype=pl.Boolean)


def _broken(verdict: Verdict, feed: Feed) -> tuple[Broken, ...]:
    lines = pl.concat([verdict.held.with_columns(outcome=pl.lit("held")), verdict.warnings])
    counted = (
        lines.group_by("rule", "entity", "field", "outcome")
        .agg(pl.col("_record_id").n_unique().alias("rows"))
        .sort(pl.col("outcome") != "held", -pl.col("rows").cast(pl.Int64), "rule", "field")
    )
    found = []
    for row in counted.iter_rows(named=True):
        mapping = feed.targets.get(row["entity"])
        made = mapping.fields.get(row["field"]) if mapping else None
        column = made.source if made is not None and made.source else ""
        found.append(Broken(row["rule"], row["entity"], row["field"], column, row["outcome"], row["rows"]))
    return tuple(found)


def _masked(row: Mapping[str, Any], contract: Contract) -> dict[str, str]:
    """A canonical row as it may be shown: people by initials and lengths, wages by their number of digits."""
    return {
        field.name: _shown(field, row[field.name])
        for field in contract.fields
        if row.get(field.name) is not None
    }


def _shown(field: Field, value: Any) -> str:
    if field.name in ("nik", "kpj"):
        return masked_nik(str(value)) if field.name == "nik" else DOT * len(str(value))
    if field.identifying and field.type == "date":
        return f"{value:%Y}-{DOT * 2}-{DOT * 2}"
    if field.name in ("full_name", "mother_maiden_name", "birth_place"):
        return masked_name(str(value))
    if field.identifying:
        return DOT * min(len(str(value)), 12)
    return shape(str(value)) if field.classification == "specific" else str(value)
