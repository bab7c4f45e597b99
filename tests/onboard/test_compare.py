"""What `source check` says of a sample beside its agreement."""

from __future__ import annotations

import polars as pl

from jendela.contracts.agreements import load_agreements
from jendela.onboard.compare import Difference, against_sample

FEED = "dinas_3215.laporan_phk"


def test_lines_that_are_broken_are_named() -> None:
    """A clerk typed a semicolon into a name: which file, which lines, what rule; a person should look."""
    agreed = load_agreements(None)
    feed = agreed.feed(FEED)
    rows = pl.DataFrame({name: [""] * 9 for name in feed.source.columns}).with_columns(
        _name=pl.lit("laporan.csv"),
        _row=pl.int_range(2, 11, dtype=pl.Int64),
        _problem=pl.Series(["F-FIELDS"] * 6 + [None] * 3),
        _field=pl.lit(None, pl.String),
        _fields=pl.lit(None, pl.String),
    )
    broken = [item for item in against_sample(rows, feed, agreed.contracts) if item.kind == "rows_broken"]
    lines = ", ".join(f"laporan.csv:{line}" for line in range(2, 7))
    assert broken == [Difference("rows_broken", FEED, "F-FIELDS", f"6 ({lines}, …)")]
    assert broken[0].exit_code == 1
