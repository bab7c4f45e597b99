"""A Splink linker over evidence: grades instead of values, and the bits of commonness as term frequencies."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import polars as pl

from jendela.identity.compare.evidence import SHARES

if TYPE_CHECKING:
    import duckdb

MOST_BITS = 32


@contextmanager
def opened(pairs: pl.DataFrame, model: dict[str, Any]) -> Iterator[tuple[Any, tuple[Any, Any]]]:
    """A linker, and the pairs as its left and its right side; each pair has its number, `pattern`."""
    import duckdb

    with duckdb.connect() as connection:
        scorer = Scorer(connection, model)
        sides = scorer.sides(pairs)
        yield scorer.linker, sides


class Scorer:
    """One linker for several frames of pairs: it takes longer to open than to score a hundred thousand."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, model: dict[str, Any]) -> None:
        # More than half a second to import.
        from splink import DuckDBAPI

        self.linker: Any = None
        self._model = model
        self._api = DuckDBAPI(connection)
        self._frames = count()

    def sides(self, pairs: pl.DataFrame) -> tuple[Any, Any]:
        """The pairs as the left and the right side of the linker; each pair has its number, `pattern`."""
        from splink import Linker

        rows = pairs.with_columns(pl.col("pattern").cast(pl.Int64), pl.col(SHARES).cast(pl.Int32)).to_arrow()
        frame = next(self._frames)
        left, right = (
            self._api.register(rows, dataset_display_name=f"{side}_side_{frame}")
            for side in ("left", "right")
        )
        if self.linker is None:
            self.linker = Linker(left, self._model, log_level=None)
            register_bits(self._api, self.linker)
        return left, right


def register_bits(api: Any, linker: Any) -> None:
    """Tell Splink the frequencies. It looks them up by value; here the value is the frequency, in bits."""
    for column in SHARES:
        bits = pl.DataFrame({column: range(MOST_BITS)}, schema={column: pl.Int32})
        lookup = bits.with_columns((0.5 ** pl.col(column)).alias(f"tf_{column}"))
        frequencies = api.register(lookup.to_arrow(), dataset_display_name=f"frequencies_{column}")
        linker.table_management.register_term_frequency_lookup(frequencies, column)


@contextmanager
def unheard() -> Iterator[None]:
    """Splink's warnings about levels that no pair shows are ours to tell."""
    log = logging.getLogger("splink")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
