"""The probabilistic tier: Fellegi-Sunter weights by Splink over pairs that are already graded.

The model file holds the m and u probability of every grade with the reason for it. Splink is given each pair
as a left and a right row of one number, so that what is dear is computed once, and sees no personal value;
its own rule joins them by that number. Term frequencies come with the names (`tf_name`), versioned with the
word lists, never from tonight's data.
"""

from __future__ import annotations

import json

import duckdb
import polars as pl

GRADES = (
    "name_grade",
    "nik_grade",
    "birth_grade",
    "sex_grade",
    "place_grade",
    "mother_grade",
    "phone_grade",
    "kpj_grade",
    "job_grade",
)


def probabilities(evidence: pl.DataFrame, model: str) -> pl.Series:
    """The match probability of each evidence row, in order.

    Args:
        evidence: what `evidence.evidence` gives.
        model: Splink settings as JSON text.
    """
    if evidence.is_empty():
        return pl.Series("probability", [], pl.Float64)
    # Pairs that agree and disagree alike weigh alike: each pattern is scored once.
    pattern = [*GRADES, "tf_name"]
    patterns = evidence.select(pattern).unique(maintain_order=True).with_row_index("pair")
    scored = patterns.join(_score(patterns, model), on="pair", how="left")
    found = evidence.select(pattern).join(
        scored.drop("pair"), on=pattern, how="left", nulls_equal=True, maintain_order="left"
    )
    return found["probability"]


def _score(patterns: pl.DataFrame, model: str) -> pl.DataFrame:
    from splink import DuckDBAPI, Linker

    # Splink looks term frequencies up by value; the value here is the share itself, so no name enters it.
    rows = patterns.with_columns(
        pl.col("pair").cast(pl.Int64), pl.col("tf_name").cast(pl.String).alias("name")
    )
    shares = rows.select("name", "tf_name").drop_nulls().unique()
    with duckdb.connect() as connection:
        api = DuckDBAPI(connection)
        sides = rows.drop("tf_name").to_arrow()
        left = api.register(sides, dataset_display_name="left_side")
        right = api.register(sides, dataset_display_name="right_side")
        linker = Linker(left, json.loads(model), log_level=None)
        frequencies = api.register(shares.to_arrow(), dataset_display_name="shares")
        linker.table_management.register_term_frequency_lookup(frequencies, "name")
        scored = linker.inference.predict_between(left, right, warning_mode="never").as_duckdbpyrelation()
        found: pl.DataFrame = scored.select("pair_l AS pair, match_probability AS probability").pl()
    return found.with_columns(pl.col("pair").cast(pl.UInt32))
