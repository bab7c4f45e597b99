"""Splink's own expectation maximisation over the pairs: a second opinion on how often fields agree.

Splink knows two classes, one person and strangers, with u fixed. Pairs that are most likely a rival's (twins,
namesakes) are neither and are left out. Each pair is one comparison vector; Splink sees grades only.
"""

from __future__ import annotations

import duckdb
import polars as pl

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.judge.adapt import Levels, Probabilities
from jendela.identity.judge.contributions import STRANGER
from jendela.identity.judge.linker import register_bits, unheard
from jendela.identity.judge.model import LEVELS, settings

# More pairs tell nothing new; they are taken evenly.
MOST_PAIRS = 200_000
SAME_PAIR = "l.pair = r.pair"


def estimated(judged: pl.DataFrame, model: Probabilities) -> dict[str, Levels]:
    """m of every grade that a pair shows, by comparison; nothing where there is no pair.

    Args:
        judged: pairs as `judge.judge` gives them.
        model: where the estimation begins; its u stay.
    """
    pairs = judged.filter((pl.col("against") == STRANGER) | (pl.col("weight") > 0))
    if pairs.is_empty():
        return {name: {} for name in LEVELS}
    every = -(-pairs.height // MOST_PAIRS)
    pairs = pairs.select(*GRADES, *SHARES).gather_every(every)
    share = float(judged.select((pl.col("weight") > 0).mean()).item())
    return _by_splink(pairs, model, min(max(share, 0.01), 0.99))


def _by_splink(pairs: pl.DataFrame, model: Probabilities, share: float) -> dict[str, Levels]:
    from splink import DuckDBAPI, Linker

    # Splink pairs records by a rule: both records of a pair are the pair, and the rule is that.
    both = pl.concat(
        pairs.with_row_index("pair").with_columns(
            (pl.col("pair").cast(pl.Int64) * 2 + side).alias("pattern"), pl.col(SHARES).cast(pl.Int32)
        )
        for side in (0, 1)
    )
    with duckdb.connect() as connection, unheard():
        # Sums of floats in one order, so that the same pairs give the same figures.
        connection.execute("SET threads = 1")
        api = DuckDBAPI(connection)
        records = api.register(both.sort("pattern").to_arrow(), dataset_display_name="pairs")
        linker = Linker(records, settings(model, share), log_level=None)
        register_bits(api, linker)
        linker.training.estimate_parameters_using_expectation_maximisation(SAME_PAIR)
        trained = linker.misc.save_model_to_json()
    found: dict[str, Levels] = {}
    for comparison in trained["comparisons"]:
        name = comparison["output_column_name"]
        # A grade that no pair shows keeps the m it came with, which is no estimate.
        shown = set(pairs[f"{name}_grade"].drop_nulls())
        levels = zip(LEVELS[name][1], comparison["comparison_levels"][1:], strict=True)
        found[name] = {grade: level["m_probability"] for grade, level in levels if grade in shown}
    return found
