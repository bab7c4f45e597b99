"""The engine: all checks over all letters at once, one row for every check that a worker's letter breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from jendela.law.held import within
from jendela.letters.frame import VIOLATIONS
from jendela.letters.rules.catalogue import Entry, Rules, Where
from jendela.letters.rules.wording import Words, filled

REASON_ARTICLE = "_reason_article"


@dataclass(frozen=True)
class Check:
    """When a check is broken (null: cannot be judged, so not broken), and the values its message states."""

    broken: pl.Expr
    values: Mapping[str, Words] = field(default_factory=dict)


Checks = Mapping[str, Check]


def evaluate(frame: pl.DataFrame, checks: Checks, rules: Rules, where: Where) -> pl.DataFrame:
    """The violations in the order of the letters, then of the catalogue: the columns of `VIOLATIONS`.

    Args:
        frame: the prepared letters, with `file`, `index` and `effective_date`.
        checks: what the code knows, by the name in the catalogue.
        rules: the catalogue.
        where: whose checks of the catalogue are evaluated.
    """
    entries = rules.run_in(where)
    if not entries or frame.is_empty():
        return pl.DataFrame(schema=VIOLATIONS)
    flags = frame.select(_applied(entry, checks[entry.check]) for entry in entries)
    counts = flags.sum().row(0)
    numbered = frame.with_row_index("_row")
    found = [
        _told(numbered.filter(flags[entry.check]), entry, checks[entry.check], rules, place)
        for place, (entry, count) in enumerate(zip(entries, counts, strict=True))
        if count
    ]
    if not found:
        return pl.DataFrame(schema=VIOLATIONS)
    return pl.concat(found).sort("_row", "_place").select(*VIOLATIONS)


def _applied(entry: Entry, check: Check) -> pl.Expr:
    """Whether it is broken, on effective dates that the entry is about; without a date it always is about."""
    broken, day = check.broken, pl.col("effective_date")
    if entry.valid_from is not None:
        broken = broken & within(day, (entry.valid_from, entry.valid_to)).fill_null(value=True)
    elif entry.valid_to is not None:
        broken = broken & (day <= pl.lit(entry.valid_to)).fill_null(value=True)
    return broken.fill_null(value=False).alias(entry.check)


def _told(broken: pl.DataFrame, entry: Entry, check: Check, rules: Rules, place: int) -> pl.DataFrame:
    text = rules.messages.text(entry.message)
    indonesian = {name: words.id for name, words in check.values.items()}
    english = {name: words.en for name, words in check.values.items()}
    return broken.select(
        "_row",
        pl.lit(place).alias("_place"),
        "file",
        "index",
        pl.lit(entry.rule).alias("rule"),
        pl.lit(entry.severity).alias("severity"),
        pl.lit(entry.field).alias("field"),
        filled(text.id, indonesian).alias("message_id"),
        filled(text.en, english).alias("message_en"),
        _article(entry).alias("article"),
    )


def _article(entry: Entry) -> pl.Expr:
    if "{reason}" not in entry.article:
        return pl.lit(entry.article)
    return filled(entry.article, {"reason": pl.col(REASON_ARTICLE)}).str.strip_suffix("; ?")


def complete(letters: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """The frame with every column of the schema; one that is missing, or has no type yet, is empty."""
    have = letters.schema
    missing = [name for name in schema if have.get(name, pl.Null) == pl.Null]
    return letters.with_columns(pl.lit(None, schema[name]).alias(name) for name in missing)


def merged(parts: Sequence[Checks]) -> dict[str, Check]:
    """The checks of several modules as one; a name may stand in one only.

    Raises:
        ValueError: two modules give the same check.
    """
    result: dict[str, Check] = {}
    for part in parts:
        if twice := sorted(set(result) & set(part)):
            raise ValueError(f"two modules give the check {twice[0]}")
        result |= part
    return result
