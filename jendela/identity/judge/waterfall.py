"""Splink's own waterfall of a pair: its bars, and the chart that draws them.

Splink is given grades and bits, no personal value; it scores each pair as `judge.score` does and keeps what
it computes on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.judge.linker import opened

Bar = dict[str, Any]


@dataclass(frozen=True)
class Waterfalls:
    """`bars`: for each pair Splink's bars in order; `chart`: the Vega-Lite specification, without data."""

    bars: list[list[Bar]]
    chart: dict[str, Any]


def waterfalls(evidence: pl.DataFrame, model: dict[str, Any]) -> Waterfalls:
    """The waterfalls of all rows of `evidence`, in order.

    Args:
        evidence: what `compare.evidence` gives.
        model: Splink settings, see `judge.model`.
    """
    kept = model | {"retain_matching_columns": True, "retain_intermediate_calculation_columns": True}
    pairs = evidence.select(*GRADES, *SHARES).with_row_index("pattern")
    with opened(pairs, kept) as (linker, sides):
        scored = linker.inference.predict_between(*sides, warning_mode="never")
        records = sorted(scored.as_record_list(), key=lambda record: record["pattern_l"])
        drawn = linker.visualisations.waterfall_chart(records, remove_sensitive_data=True)
        chart: dict[str, Any] = drawn.chart_dict
    bars: list[list[Bar]] = [[] for _ in records]
    for bar in chart["data"].pop("values"):
        bars[bar["record_number"]].append(bar)
    return Waterfalls(bars, chart)


def libraries() -> dict[str, str]:
    """The scripts that draw the chart, in the order in which a page needs them; Splink ships them."""
    from splink.internals.html_utils import load_chart_libraries

    scripts: dict[str, str] = load_chart_libraries()
    return scripts
