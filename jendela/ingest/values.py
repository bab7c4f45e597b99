"""The fields of one entity from source columns: each different value of a column is read once.

A field made from one column depends on nothing but the value there (and on `when`, which only empties it).
Of a column of codes, dates or places a few hundred values stand for a hundred thousand rows. Columns that
come coded (`jendela/store/coded.py`) stay so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import polars as pl
import pyarrow.compute as pc

from jendela.contracts.mapping import Condition, EntityMapping, FieldMapping
from jendela.contracts.transforms import TRANSFORMS
from jendela.ingest.reaching import column_of
from jendela.ingest.transforms import EXPRESSIONS, chained
from jendela.store import coded

UNKNOWN_CODE = "M-CODE"
Failing = list[tuple[str, pl.Series]]  # by rule which rows break it
SAMPLE = 4_000  # a column whose first values are all different is taken for one that does not repeat itself


@dataclass(frozen=True)
class Failed:
    """Which rows have a value in `field` that breaks `rule`; never null."""

    field: str
    rule: str
    rows: pl.Series


def made_values(
    rows: pl.DataFrame, mapping: EntityMapping, types: Mapping[str, Any]
) -> tuple[list[pl.Series], list[Failed], dict[str, str]]:
    """A column for each field of `types`, in their order, null where the mapping does not make it; what could
    not be read of them, in the order of the fields and of their transforms; and the fields that say what
    their source column says in every row, with its name.
    """
    read = _read(rows, mapping, types)
    same: dict[str, str] = {}
    values: list[pl.Series] = []
    failures: list[Failed] = []
    for name, dtype in types.items():
        made = mapping.fields.get(name)
        if made is None:
            values.append(nothing(name, dtype, rows.height))
            continue
        if name in read:
            value, failing, stays = read[name].values, read[name].failing, read[name].coded
        elif made.key or made.alike:  # it reaches beyond the row: `reaching` has added its column
            value, failing, stays = rows[column_of(mapping.entity, name)], [], False
        else:
            value, failing, stays = *_of_row(rows, made), False
        if made.when is not None:
            chosen = rows.select(condition_expr(made.when)).to_series()
            if not chosen.all():
                value = pl.select(pl.when(chosen).then(value)).to_series()
                if name in read:
                    failing = [(rule, failed & chosen) for rule, failed in failing]
        if name in read and made.source is not None and value is read[name].source:
            same[name] = made.source
        values.append((value if stays else value.cast(dtype)).alias(name))
        failures += [Failed(name, rule, failed) for rule, failed in failing]
    return values, failures, same


def nothing(name: str, dtype: Any, height: int) -> pl.Series:
    """A column without a value."""
    return pl.Series(name, [None], dtype).new_from_index(0, height)


@dataclass(frozen=True)
class _Made:
    """The values of a field, which rows break what, whether the values are coded, and its source column."""

    values: pl.Series
    failing: Failing
    coded: bool
    source: pl.Series


@dataclass(frozen=True)
class _Column:
    """A source column `whole`; its different values, and which each row has (None: it repeats little)."""

    whole: pl.Series
    values: pl.Series
    places: pl.Series | None
    coded: bool

    def made(self, value: pl.Series, failing: Failing) -> _Made:
        """What was made of the different values, row by row; text stays coded where the column is."""
        text = self.coded and value.dtype == pl.String
        if value.dtype == pl.String and value.equals(self.values, null_equal=True):
            return _Made(self.whole, failing, text, self.whole)
        if text and self.places is not None:
            return _Made(coded.of_places(value, self.places), failing, text, self.whole)
        return _Made(self.spread(value), failing, coded=False, source=self.whole)

    def spread(self, value: pl.Series) -> pl.Series:
        """The value of every row."""
        return value if self.places is None else value.gather(self.places)


def _read(rows: pl.DataFrame, mapping: EntityMapping, types: Mapping[str, Any]) -> dict[str, _Made]:
    """The fields that are made from one column each, from its different values."""
    by_source: dict[str, list[FieldMapping]] = {}
    for name in types:
        made = mapping.fields.get(name)
        if made is not None and made.source is not None and made.value is None and made.flags is None:
            by_source.setdefault(made.source, []).append(made)
    columns = {source: _different(rows[source]) for source in by_source}
    chains = {source: [_chain(made) for made in fields] for source, fields in by_source.items()}
    # Lazy, so that a value and its failure are computed once; together, so that columns share the cores.
    plans = [
        pl.DataFrame({source: columns[source].values})
        .lazy()
        .select(
            expression.alias(f"{number}.{place}")
            for number, (value, failing) in enumerate(chains[source])
            for place, expression in enumerate([value, *(failed for _, failed in failing)])
        )
        for source in by_source
    ]
    found: dict[str, _Made] = {}
    for (source, fields), frame in zip(by_source.items(), pl.collect_all(plans), strict=True):
        column = columns[source]
        for number, (made, (_, failing)) in enumerate(zip(fields, chains[source], strict=True)):
            failed = [
                (rule, column.spread(frame[f"{number}.{at}"].fill_null(value=False)))
                for at, (rule, _) in enumerate(failing, start=1)
                if frame[f"{number}.{at}"].any()
            ]
            found[made.name] = column.made(frame[f"{number}.0"], failed)
    return found


def _different(values: pl.Series) -> _Column:
    if isinstance(kind := values.dtype, pl.Enum):
        return _Column(values, kind.categories.alias(values.name), values.to_physical(), coded=True)
    sample = values.head(SAMPLE).drop_nulls()
    if len(values) > SAMPLE and sample.n_unique() == len(sample):
        return _Column(values, values, None, coded=False)
    found = pc.dictionary_encode(values.rechunk().to_arrow())
    if not 0 < len(found.dictionary) < len(values) / 2:
        return _Column(values, values, None, coded=False)
    texts = pl.Series(values.name, found.dictionary, pl.String)
    return _Column(values, texts, pl.Series(found.indices), coded=False)


def _chain(made: FieldMapping) -> tuple[pl.Expr, list[tuple[str, pl.Expr]]]:
    """The expression of a field over its column, and of what can fail in it."""
    value: pl.Expr = pl.col(str(made.source))
    failures = []
    first = list(takewhile(lambda step: TRANSFORMS[step].rule is None, made.via))  # they only clean
    value = chained(value, first)
    for step in made.via[len(first) :]:
        before, value = value, EXPRESSIONS[step](value)
        if (rule := TRANSFORMS[step].rule) is not None:
            failures.append((rule, filled(before) & value.is_null()))
    if made.codes is not None:
        known = filled(value) & ~value.str.strip_chars().is_in(list(made.codes))
        failures.append((UNKNOWN_CODE, known))
        value = value.str.strip_chars().replace_strict(
            list(made.codes), list(made.codes.values()), default=None, return_dtype=pl.String
        )
    return value, failures


def _of_row(rows: pl.DataFrame, made: FieldMapping) -> tuple[pl.Series, Failing]:
    """A constant, or the names whose column says yes, sorted and parted by a blank; null where none does."""
    if made.value is not None:
        return pl.Series([made.value], dtype=pl.String).new_from_index(0, rows.height), []
    flags = dict(sorted((made.flags or {}).items(), key=lambda item: item[1]))
    texts = {column: stripped(column) for column in flags}
    unknown = pl.any_horizontal(
        filled(text) & ~text.is_in([str(made.yes), str(made.no)]) for text in texts.values()
    )
    named = pl.concat_str(
        [pl.when(text == made.yes).then(pl.lit(flags[column])) for column, text in texts.items()],
        separator=" ",
        ignore_nulls=True,
    )
    found = rows.select(pl.when(named != "").then(named).alias("named"), unknown.alias("unknown"))
    return found["named"], [(UNKNOWN_CODE, found["unknown"].fill_null(value=False))]


def filled(text: pl.Expr) -> pl.Expr:
    """Whether a text says anything at all."""
    return text.is_not_null() & (text.str.strip_chars() != "")


def stripped(column: str) -> pl.Expr:
    """The text of a column, coded or not, without the blanks around it."""
    return pl.col(column).cast(pl.String).str.strip_chars()


def condition_expr(condition: Condition | None, *, default: bool = True) -> pl.Expr:
    """The rows a condition takes, never null; without a condition, `default`."""
    if condition is None:
        return pl.lit(default)
    text = stripped(condition.column)
    if condition.among is not None:
        return text.is_in(list(condition.among)).fill_null(value=False)
    if condition.not_among is not None:
        return ~text.is_in(list(condition.not_among)).fill_null(value=False)
    return filled(text)
