"""What each field adds to the weight of a pair: against a stranger, and against each rival.

All are log2 of a ratio of likelihoods: +1 makes one person twice as likely. They add up to the weights of
`judge.judge`, which a test checks, and those against a stranger are Splink's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import polars as pl

from jendela.identity.compare.commonness import SMALLEST
from jendela.identity.judge.adapt import Levels, Probabilities
from jendela.identity.judge.model import BY_COMMONNESS, LEVELS
from jendela.identity.judge.rivals import Rival, field_weights
from jendela.identity.judge.sums import by_grade, in_order, row_totals

PRIOR, STRANGER = "prior", "stranger"


def contributions(
    evidence: pl.DataFrame,
    fitted: Probabilities,
    rivals: tuple[Rival, ...],
    matches: float,
    population: int,
) -> dict[str, pl.DataFrame]:
    """By other explanation a frame with one row per row of `evidence`: `prior`, and a column per comparison.

    Args:
        evidence: what `compare.evidence` gives.
        fitted, rivals, matches, population: as for `judge.judge`.
    """
    ratios = {STRANGER: {name: stranger_weights(name, fitted) for name in LEVELS}}
    chance = prior(matches, population)
    priors = {STRANGER: math.log2(chance / (1 - chance))}
    for rival in rivals:
        ratios[rival.name] = {name: field_weights(name, fitted, rival) for name in LEVELS}
        priors[rival.name] = math.log2(matches / rival.rate)
    return {
        other: evidence.select(
            pl.lit(priors[other]).alias(PRIOR),
            *(_field(name, weights, with_bits=other == STRANGER) for name, weights in of_field.items()),
        )
        for other, of_field in ratios.items()
    }


def by_addition(
    fitted: Probabilities, matches: float, population: int
) -> Callable[[pl.DataFrame], pl.Series]:
    """Gives the log2 of the odds that each pattern is one person and not two strangers, in order: what
    `score.by_splink` gives, which a test checks. A night has few patterns, and Splink takes a while to start.
    """
    return lambda shown: row_totals(contributions(shown, fitted, (), matches, population)[STRANGER])


def prior(matches: float, population: int) -> float:
    """The probability that two mentions drawn at random are one person."""
    return 2 * matches / max(population, SMALLEST)


def stranger_weights(comparison: str, fitted: Probabilities) -> Levels:
    """log2 of m/u by grade; where the chance depends on how common the value is, log2 of m alone: the bits of
    the evidence are the other part.
    """
    counted = BY_COMMONNESS.get(comparison, ())
    return {
        grade: math.log2(m) if grade in counted else math.log2(m / u)
        for grade, (m, u) in fitted[comparison].items()
    }


def together(totals: Mapping[str, pl.Series]) -> pl.Series:
    """The weight against all other explanations at once, from the weights against each."""
    frame = pl.DataFrame(dict(totals))
    least = pl.min_horizontal(frame.columns)
    beside = in_order(((least - pl.col(name)) * math.log(2)).exp() for name in frame.columns)
    return frame.select((least - beside.log(2)).alias("weight"))["weight"]


def _field(name: str, weights: Levels, *, with_bits: bool) -> pl.Expr:
    grade = pl.col(f"{name}_grade")
    found = by_grade(grade, weights)
    if with_bits and name in BY_COMMONNESS:
        counted = grade.is_in(list(BY_COMMONNESS[name])).fill_null(value=False)
        found += pl.when(counted).then(pl.col(f"{name}_bits").cast(pl.Float64)).otherwise(0.0)
    return found.alias(name)
