"""Source rows as canonical rows: every row comes out mapped, as a problem, or both. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from jendela.contracts.mapping import EntityMapping, Feed
from jendela.ingest.transforms import MONEY
from jendela.ingest.values import condition_expr, made_values

PROVENANCE = ("_row", "_name", "_record_id", "_row_hash")
ORDER = ("_row", "_name", "_record_id", "entity", "field", "rule")  # of problems
DTYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String,
    "code": pl.String,
    "month": pl.String,
    "date": pl.Date,
    "money": MONEY,
    "int": pl.Int64,
}
NO_ENTITY = "M-NONE"  # no mapping of the feed takes the row


@dataclass
class Mapped:
    """Canonical rows by entity, and a line for every value (or whole row) that could not be read.

    `same` has by entity the fields that say in every row what a source column says, with its name.
    """

    entities: dict[str, pl.DataFrame]
    problems: pl.DataFrame
    same: dict[str, dict[str, str]]


def map_rows(rows: pl.DataFrame, feed: Feed, contracts: Mapping[str, Any]) -> Mapped:
    """The rows of a `pull/<feed>.changes` frame as the entities its mapping makes.

    Columns of fields that reach beyond the row are there already (`reaching.with_reached`).
    A row that pull marked (`_problem`: an unreadable file, a missing key) is a problem and nothing else; of
    the source column that it is about (`_field`), if any, it is one of the canonical field made from that. Of
    a row held before, `_field` is the entity and that field, with a dot.
    """
    problems = list(_marked(rows, feed))
    if "_problem" in rows.columns and rows["_problem"].null_count() < rows.height:
        rows = rows.filter(pl.col("_problem").is_null())
    entities, same = {}, {}
    taken = pl.lit(value=False)
    for entity, mapping in feed.targets.items():
        chosen = condition_expr(mapping.where)
        taken = taken | chosen
        mine = rows if mapping.where is None else rows.filter(chosen)
        entities[entity], found, same[entity] = _map_entity(mine, mapping, contracts[entity])
        problems.extend(found)
    places = [name for name in (*PROVENANCE, *_columns(feed)) if name in rows.columns]
    problems.append(_problem_lines(rows.select(places).filter(~taken), "", "", NO_ENTITY))
    return Mapped(entities, pl.concat(problems).sort(ORDER, nulls_last=True), same)


def _columns(feed: Feed) -> set[str]:
    """The columns that decide which entities a row makes."""
    return {mapping.where.column for mapping in feed.targets.values() if mapping.where is not None}


def _map_entity(
    rows: pl.DataFrame, mapping: EntityMapping, contract: Any
) -> tuple[pl.DataFrame, list[pl.DataFrame], dict[str, str]]:
    types = {made.name: DTYPES[made.type] for made in contract.fields}
    values, failures, same = made_values(rows, mapping, types)
    independent = rows.with_columns(
        condition_expr(mapping.independent_when, default=False).alias("_independent")
    )["_independent"]
    places = rows.select(name for name in (*PROVENANCE, "_at") if name in rows.columns)
    problems = [
        _problem_lines(places.filter(failed.rows), mapping.entity, failed.field, failed.rule)
        for failed in failures
        if failed.rows.any()
    ]
    return places.with_columns(values).with_columns(independent), problems, same


def _marked(rows: pl.DataFrame, feed: Feed) -> Iterator[pl.DataFrame]:
    if "_problem" not in rows.columns:
        return
    fields = {
        about: (mapping.entity, made.name)
        for mapping in reversed(list(feed.targets.values()))
        for made in mapping.fields.values()
        for about in (made.source, f"{mapping.entity}.{made.name}")
    }
    column = pl.col("_field") if "_field" in rows.columns else pl.lit(None, pl.String)
    marked = rows.filter(pl.col("_problem").is_not_null()).with_columns(column.alias("_field"))
    for (rule, about), same in marked.group_by(["_problem", "_field"]):
        entity, name = fields.get(str(about), ("", ""))
        yield _problem_lines(same, entity, name, str(rule))


def _problem_lines(rows: pl.DataFrame, entity: str, name: str, rule: str) -> pl.DataFrame:
    return rows.select(
        "_record_id",
        pl.col("_row").cast(pl.Int64),
        "_name",
        pl.lit(entity).alias("entity"),
        pl.lit(name).alias("field"),
        pl.lit(rule).alias("rule"),
    )
