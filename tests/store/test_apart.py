"""A few rows that are kept do not keep all the others."""

from __future__ import annotations

import polars as pl

from jendela.store.apart import apart


def _held(frame: pl.DataFrame) -> int:
    """Bytes of all that the frame keeps in memory, whether its rows point there or not."""
    table = frame.to_arrow(compat_level=pl.CompatLevel.newest())
    buffers = (chunk.buffers() for column in table.columns for chunk in column.chunks)
    return sum(buffer.size for some in buffers for buffer in some if buffer is not None)


def test_a_few_sorted_rows_let_go_of_the_texts_of_all_others():
    """As held rows of a slice: filtered, made distinct, sorted. Polars keeps every text of the slice."""
    many = pl.DataFrame({"id": [f"{number:064}" for number in range(20_000)]})
    few = many.filter(pl.int_range(pl.len()) % 200 == 0).unique().sort("id")
    assert _held(few) > 64 * 20_000
    assert _held(apart(few)) < 2 * 64 * few.height
    assert apart(few).equals(few)


def test_types_and_nulls_stay():
    """Also of a frame without rows."""
    frame = pl.DataFrame(
        {"text": ["a", None], "number": [1, None], "flag": [True, None], "bytes": [b"\0", None]},
        schema_overrides={"number": pl.UInt32},
    )
    for one in (frame, frame.clear()):
        assert apart(one).schema == one.schema
        assert apart(one).equals(one, null_equal=True)
