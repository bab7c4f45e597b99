"""From pairs to judged edges: the certain tier, the weight against strangers and rivals, the zones."""

from __future__ import annotations

import math
from collections.abc import Callable

import polars as pl

from jendela.identity.compare import births, names, numbers
from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.rivals import Rival, rival_weights
from jendela.identity.judge.score import patterns
from jendela.identity.judge.sums import in_order

CERTAIN, PROBABILISTIC = "certain", "probabilistic"
# The weight of a certain link.
SURE = 30.0


def judge(
    evidence: pl.DataFrame,
    fitted: Probabilities,
    rivals: tuple[Rival, ...],
    matches: float,
    against_strangers: Callable[[pl.DataFrame], pl.Series],
) -> pl.DataFrame:
    """`evidence` with its `tier`, its `weight` (log2 of the odds of one person) and `against`, the likeliest
    other explanation: `stranger` or one of the rivals.

    Args:
        fitted: the model for these registers.
        rivals: who else a pair could be.
        matches: pairs that are one person, for one mention.
        against_strangers: the weights of patterns against two strangers, in order: `score.by_splink`, or
            `contributions.by_addition`, which is the same without starting Splink.
    """
    shown, of_row = patterns(evidence)
    weights = rival_weights(shown, fitted, rivals, matches)
    weights = weights.with_columns(against_strangers(shown).alias("stranger"))
    others = ["stranger", *(rival.name for rival in rivals)]
    least = pl.min_horizontal(others)
    # All of them together are what a match has to beat.
    together = least - in_order(((least - pl.col(name)) * math.log(2)).exp() for name in others).log(2)
    strongest = pl.coalesce(pl.when(pl.col(name) == least).then(pl.lit(name)) for name in others)
    weighed = weights.select(together.alias("weight"), strongest.alias("against"))
    certain = shown.select(_certain().alias("certain"))["certain"]
    judged = weighed.select(
        pl.when(certain).then(pl.lit(CERTAIN)).otherwise(pl.lit(PROBABILISTIC)).alias("tier"),
        pl.when(certain).then(pl.max_horizontal("weight", pl.lit(SURE))).otherwise("weight").alias("weight"),
        "against",
    )
    return pl.concat([evidence, judged[of_row]], how="horizontal")


def _certain() -> pl.Expr:
    """Equal numbers that can be one person's, names that are compatible, and no birth date against it.

    Source: DOMAIN 3.7 (1).
    """
    return (
        (pl.col("nik_grade") == numbers.SAME)
        & (pl.col("name_grade") >= names.COMPATIBLE)
        & (pl.col("birth_grade").fill_null(births.SAME) >= births.SLIP)
        & (pl.col("sex_grade").fill_null(1) == 1)
    ).fill_null(value=False)
