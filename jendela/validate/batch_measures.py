"""The measures of one night's batches: how full, how held, how fresh, and how unlike earlier nights. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import polars as pl

from jendela.contracts.codes import CodeList
from jendela.contracts.measures import MEASURED, MeasureRules
from jendela.contracts.odcs import Contract

_KEY = ["feed", "entity", "field"]
# Measures of earlier nights that tonight's are compared with, and what the difference is called.
_RISES = {"held_rate": "held_rate_rise", "blank_rate": "blank_rate_rise"}
# What stands in a coded field and is no code may be anything, a name too: it is counted, never shown.
NO_CODE = "?"


def measure(
    feed: str,
    counts: Mapping[str, int],
    entities: Mapping[str, Iterable[pl.DataFrame]],
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    rules: MeasureRules,
    night: date,
) -> pl.DataFrame:
    """The measures of one batch (columns as `MEASURED`): never a value of a person.

    `counts` are the feed's, of pull and validate: received, duplicate, accepted, held, echo. `entities` are
    its canonical rows before any was held, in slices that have the fields `wanted`; `codes` the code lists.
    Rates are shares of 1; `days_behind` counts from the night.
    """
    lines = list(_of_batch(counts))
    for entity, slices in entities.items():
        counted = _counted(entity, slices, contracts[entity], codes, rules, night)
        lines += _of_entity(entity, counted, contracts[entity], rules, night)
    rows = [{"feed": feed, **line} for line in lines]
    return pl.DataFrame(rows, schema=MEASURED).sort("measure", "entity", "field", "code", nulls_last=True)


def ratios(measured: pl.DataFrame, groups: Collection[Collection[str]]) -> pl.DataFrame:
    """How many rows one feed received for each row of another, for all pairs of a group.

    A group are the feeds of one office whose batch is a complete extract tonight. `code` is the other feed,
    `rows` the smaller of the two.
    """
    received = dict(measured.filter(pl.col("measure") == "received").select("feed", "value").iter_rows())
    lines = [
        {
            "feed": one,
            "measure": "feed_ratio",
            "code": other,
            "value": received[one] / received[other],
            "rows": min(received[one], received[other]),
        }
        for group in groups
        for one, other in combinations(sorted(feed for feed in group if received.get(feed)), 2)
    ]
    return pl.DataFrame(lines, schema=MEASURED)


def compare(measured: pl.DataFrame, history: pl.DataFrame, complete: frozenset[str]) -> pl.DataFrame:
    """The measures that compare tonight with `history`, the measures of earlier nights (`night` beside them).

    `history` has the earliest first. A feed without history has none of them. `complete` are the feeds whose
    batch is a complete extract: only of these is the number of rows comparable. Means are weighted by rows.
    """
    usual = _usual(history)
    joined = measured.join(usual, on=["measure", *_KEY, "code"], how="inner", nulls_equal=True)
    rises = joined.filter(pl.col("measure").is_in(list(_RISES))).with_columns(
        pl.col("measure").replace(_RISES), value=pl.col("value") - pl.col("usual")
    )
    before = (
        history.filter(pl.col("measure") == "received")
        .sort("night", maintain_order=True)
        .group_by("feed")
        .last()
    )
    grown = (
        measured.filter((pl.col("measure") == "received") & pl.col("feed").is_in(sorted(complete)))
        .join(before.select("feed", before="value"), on="feed", how="inner")
        .filter(pl.col("before") > 0)
        .with_columns(measure=pl.lit("received_ratio"), value=pl.col("value") / pl.col("before"))
    )
    changes = joined.filter((pl.col("measure") == "feed_ratio") & (pl.col("usual") > 0)).with_columns(
        measure=pl.lit("feed_ratio_change"),
        value=pl.max_horizontal(pl.col("value") / pl.col("usual"), pl.col("usual") / pl.col("value")),
    )
    parts = [rises, _shifts(measured, usual), grown, changes]
    return pl.concat([part.select(MEASURED.names()).cast(MEASURED) for part in parts])


def usual_values(history: pl.DataFrame) -> pl.DataFrame:
    """What each measure was on the nights of `history` (as `MEASURED`): its mean, weighted by rows."""
    return _usual(history).select(
        "feed", "measure", "entity", "field", "code", value="usual", rows="usual_rows"
    )


def _usual(history: pl.DataFrame) -> pl.DataFrame:
    weight = pl.col("rows").clip(lower_bound=1)
    mean = (pl.col("value") * weight).sum() / weight.sum()
    return history.group_by("measure", *_KEY, "code").agg(usual=mean, usual_rows=weight.sum())


def _shifts(measured: pl.DataFrame, usual: pl.DataFrame) -> pl.DataFrame:
    """Per coded field the share of rows that would have to change their code to look as usual."""
    tonight = measured.filter(pl.col("measure") == "code_share")
    known = usual.filter(pl.col("measure") == "code_share")
    both = (
        tonight.join(known, on=[*_KEY, "code"], how="full", coalesce=True, nulls_equal=True)
        .with_columns(pl.col("value").fill_null(0.0), pl.col("usual").fill_null(0.0))
        .join(tonight.select(_KEY).unique(), on=_KEY, how="semi", nulls_equal=True)
        .join(known.select(_KEY).unique(), on=_KEY, how="semi", nulls_equal=True)
    )
    return both.group_by(_KEY).agg(
        measure=pl.lit("code_shift"),
        code=pl.lit(None, pl.String),
        value=(pl.col("value") - pl.col("usual")).abs().sum() / 2,
        rows=pl.col("rows").max(),
    )


def _of_batch(counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    received = counts.get("received", 0)
    coming = sum(counts.get(outcome, 0) for outcome in ("accepted", "held", "echo"))
    yield {"measure": "received", "value": received, "rows": received}
    if received:
        copies = counts.get("duplicate", 0) - counts.get("repeated", 0)  # a file sent twice is no row twice
        yield {"measure": "duplicate_rate", "value": copies / received, "rows": received}
    if coming:
        yield {"measure": "held_rate", "value": counts.get("held", 0) / coming, "rows": coming}


@dataclass
class _Counted:
    """What is counted of an entity, slice by slice: rows, empty fields, codes by field, the newest day."""

    rows: int = 0
    empty: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    newest: date | None = None


def wanted(entity: str, contract: Contract, rules: MeasureRules) -> list[str]:
    """The fields of an entity that a measure asks for."""
    asked = {field.name for field in contract.fields if field.required or field.identifying}
    asked.update(rules.stable_codes.get(entity, ()), rules.freshness.get(entity, ()))
    return [field.name for field in contract.fields if field.name in asked]


def _counted(
    entity: str,
    slices: Iterable[pl.DataFrame],
    contract: Contract,
    codes: Mapping[str, CodeList],
    rules: MeasureRules,
    night: date,
) -> _Counted:
    counted = _Counted()
    stable = {
        name: codes[contract.by_name[name].codes or ""].codes for name in rules.stable_codes.get(entity, ())
    }
    for frame in slices:
        counted.rows += frame.height
        empty = frame.select(pl.col(wanted(entity, contract, rules)).null_count())
        counted.empty.update(empty.row(0, named=True) if frame.height else {})
        for name, known in stable.items():
            counted.codes[name].update(dict(_told(frame, name, known).iter_rows()))
        days = [frame[name].alias("day") for name in rules.freshness.get(entity, ())]
        past = pl.concat([pl.Series("day", [counted.newest], pl.Date), *days]).drop_nulls()
        newest = past.filter(past <= night).max()
        counted.newest = newest if isinstance(newest, date) else None
    return counted


def _of_entity(
    entity: str, counted: _Counted, contract: Contract, rules: MeasureRules, night: date
) -> Iterator[dict[str, Any]]:
    if not counted.rows:
        return
    for made in contract.fields:
        names = ["null_rate"] if made.required else []
        names += ["blank_rate"] if made.required or made.identifying else []
        for name in names:
            share = counted.empty[made.name] / counted.rows
            yield {
                "measure": name,
                "entity": entity,
                "field": made.name,
                "value": share,
                "rows": counted.rows,
            }
    for name in rules.stable_codes.get(entity, ()):
        filled = counted.codes[name]
        for code, many in sorted(filled.items()):
            yield {
                "measure": "code_share",
                "entity": entity,
                "field": name,
                "code": code,
                "value": many / filled.total(),
                "rows": filled.total(),
            }
    if counted.newest is not None:
        behind = (night - counted.newest).days
        yield {"measure": "days_behind", "entity": entity, "value": behind, "rows": counted.rows}


def _told(frame: pl.DataFrame, name: str, known: Collection[str]) -> pl.DataFrame:
    """How often each code stands in a field; all that is no code together."""
    found = frame[name].drop_nulls().cast(pl.String).value_counts(name="rows").rename({name: "code"})
    code = pl.when(pl.col("code").is_in(list(known))).then("code").otherwise(pl.lit(NO_CODE))
    return found.group_by(code).agg(pl.col("rows").sum())
