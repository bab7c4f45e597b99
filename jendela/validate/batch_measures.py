"""The measures of one night's batches: how full, how held, how fresh, and how unlike earlier nights. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
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
    entities: Mapping[str, pl.DataFrame],
    contracts: Mapping[str, Contract],
    codes: Mapping[str, CodeList],
    rules: MeasureRules,
    night: date,
) -> pl.DataFrame:
    """The measures of one batch (columns as `MEASURED`): never a value of a person.

    `counts` are the feed's, of pull and validate: received, duplicate, accepted, held, echo. `entities` are
    its canonical rows before any was held; `codes` the code lists. Rates are shares of 1;
    `days_behind` counts from the night.
    """
    lines = list(_of_batch(counts))
    for entity, frame in entities.items():
        lines += _of_entity(entity, frame, contracts[entity], codes, rules, night)
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


def _of_entity(
    entity: str,
    frame: pl.DataFrame,
    contract: Contract,
    codes: Mapping[str, CodeList],
    rules: MeasureRules,
    night: date,
) -> Iterator[dict[str, Any]]:
    if frame.is_empty():
        return
    empty = frame.select(pl.col(field.name).null_count() for field in contract.fields).row(0, named=True)
    for field in contract.fields:
        names = ["null_rate"] if field.required else []
        names += ["blank_rate"] if field.required or field.identifying else []
        for name in names:
            share = empty[field.name] / frame.height
            yield {
                "measure": name,
                "entity": entity,
                "field": field.name,
                "value": share,
                "rows": frame.height,
            }
    for name in rules.stable_codes.get(entity, ()):
        for code, share in _shares(frame, name, codes[contract.by_name[name].codes or ""].codes):
            yield {
                "measure": "code_share",
                "entity": entity,
                "field": name,
                "code": code,
                "value": share,
                "rows": frame.height - empty[name],
            }
    if fresh := rules.freshness.get(entity):
        dates = pl.concat([frame[name].alias("day") for name in fresh]).drop_nulls()
        newest = dates.filter(dates <= night).max()
        if isinstance(newest, date):
            behind = (night - newest).days
            yield {"measure": "days_behind", "entity": entity, "value": behind, "rows": frame.height}


def _shares(frame: pl.DataFrame, field: str, known: Collection[str]) -> Iterator[tuple[str, float]]:
    code = pl.when(pl.col(field).is_in(list(known))).then(pl.col(field)).otherwise(pl.lit(NO_CODE))
    filled = frame.filter(pl.col(field).is_not_null()).select(code.alias("code"))["code"]
    counted = filled.value_counts(sort=True, normalize=True, name="share").sort("code")
    yield from counted.iter_rows()
