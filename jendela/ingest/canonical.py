"""Source rows as canonical rows: every row comes out mapped, as a problem, or both. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from jendela.contracts.mapping import Condition, EntityMapping, Feed, FieldMapping
from jendela.contracts.transforms import TRANSFORMS
from jendela.ingest.reaching import column_of
from jendela.ingest.transforms import EXPRESSIONS, MONEY

PROVENANCE = ("_row", "_name", "_record_id", "_row_hash")
DTYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String,
    "code": pl.String,
    "month": pl.String,
    "date": pl.Date,
    "money": MONEY,
    "int": pl.Int64,
}
UNKNOWN_CODE = "M-CODE"
NO_ENTITY = "M-NONE"  # no mapping of the feed takes the row


@dataclass
class Mapped:
    """Canonical rows by entity, and a line for every value (or whole row) that could not be read."""

    entities: dict[str, pl.DataFrame]
    problems: pl.DataFrame


@dataclass
class _Columns:
    """The expressions of one entity: its values, and which rows fail which field by which rule."""

    values: list[pl.Expr] = field(default_factory=list)
    failures: list[tuple[str, str, pl.Expr]] = field(default_factory=list)


def map_rows(rows: pl.DataFrame, feed: Feed, contracts: Mapping[str, Any]) -> Mapped:
    """The rows of a `pull/<feed>.changes` frame as the entities its mapping makes.

    Columns of fields that reach beyond the row are there already (`reaching.with_reached`).
    A row that pull marked (`_problem`: an unreadable file, a missing key) is a problem and nothing else; of
    the source column that it is about (`_field`), if any, it is one of the canonical field made from that. Of
    a row held before, `_field` is the entity and that field, with a dot.
    """
    problems = list(_marked(rows, feed))
    if "_problem" in rows.columns:
        rows = rows.filter(pl.col("_problem").is_null())
    entities = {}
    taken = pl.lit(value=False)
    for entity, mapping in feed.targets.items():
        chosen = condition_expr(mapping.where)
        taken = taken | chosen
        frame, found = _map_entity(rows.filter(chosen), mapping, contracts[entity])
        entities[entity] = frame
        problems.extend(found)
    problems.append(_problem_lines(rows.filter(~taken), "", "", NO_ENTITY))
    order = ["_row", "_name", "_record_id", "entity", "field", "rule"]
    return Mapped(entities, pl.concat(problems).sort(order, nulls_last=True))


def _map_entity(
    rows: pl.DataFrame, mapping: EntityMapping, contract: Any
) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    columns = _Columns()
    for contract_field in contract.fields:
        dtype = DTYPES[contract_field.type]
        made = mapping.fields.get(contract_field.name)
        if made is None:
            columns.values.append(pl.lit(None, dtype=dtype).alias(contract_field.name))
        else:
            reached = bool(made.key or made.alike)
            value = pl.col(column_of(mapping.entity, made.name)) if reached else _value(made, columns)
            columns.values.append(value.cast(dtype).alias(contract_field.name))
    independent = condition_expr(mapping.independent_when, default=False).alias("_independent")
    failing = [failed.alias(f"!{number}") for number, (_, _, failed) in enumerate(columns.failures)]
    # Lazy, so that a value and its failure are computed once.
    made_rows = rows.lazy().select(*PROVENANCE, *columns.values, independent, *failing).collect()
    problems = [
        _problem_lines(made_rows.filter(pl.col(f"!{number}")), mapping.entity, name, rule)
        for number, (name, rule, _) in enumerate(columns.failures)
    ]
    return made_rows.drop(f"!{number}" for number in range(len(failing))), problems


def _value(made: FieldMapping, columns: _Columns) -> pl.Expr:
    """The expression of one field; what can fail in it is added to the failures."""
    if made.value is not None:
        value = pl.lit(made.value, dtype=pl.String)
    elif made.flags is not None:
        value = _flags(made, columns)
    else:
        value = pl.col(str(made.source))
        if made.when is not None:
            value = pl.when(condition_expr(made.when)).then(value)
        for step in made.via:
            before, value = value, EXPRESSIONS[step](value)
            if (rule := TRANSFORMS[step].rule) is not None:
                columns.failures.append((made.name, rule, _filled(before) & value.is_null()))
        if made.codes is not None:
            known = _filled(value) & ~value.str.strip_chars().is_in(list(made.codes))
            columns.failures.append((made.name, UNKNOWN_CODE, known))
            value = value.str.strip_chars().replace_strict(
                list(made.codes), list(made.codes.values()), default=None, return_dtype=pl.String
            )
        return value
    return pl.when(condition_expr(made.when)).then(value) if made.when is not None else value


def _flags(made: FieldMapping, columns: _Columns) -> pl.Expr:
    """The names whose column says yes, sorted and parted by a blank; null where none does."""
    flags = dict(sorted((made.flags or {}).items(), key=lambda item: item[1]))
    texts = {column: pl.col(column).str.strip_chars() for column in flags}
    unknown = pl.any_horizontal(
        _filled(text) & ~text.is_in([str(made.yes), str(made.no)]) for text in texts.values()
    )
    columns.failures.append((made.name, UNKNOWN_CODE, unknown))
    named = pl.concat_str(
        [pl.when(text == made.yes).then(pl.lit(flags[column])) for column, text in texts.items()],
        separator=" ",
        ignore_nulls=True,
    )
    return pl.when(named != "").then(named)


def _filled(text: pl.Expr) -> pl.Expr:
    """Whether a text says anything at all."""
    return text.is_not_null() & (text.str.strip_chars() != "")


def condition_expr(condition: Condition | None, *, default: bool = True) -> pl.Expr:
    """The rows a condition takes, never null; without a condition, `default`."""
    if condition is None:
        return pl.lit(default)
    text = pl.col(condition.column).str.strip_chars()
    if condition.among is not None:
        return text.is_in(list(condition.among)).fill_null(value=False)
    if condition.not_among is not None:
        return ~text.is_in(list(condition.not_among)).fill_null(value=False)
    return _filled(text)


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
