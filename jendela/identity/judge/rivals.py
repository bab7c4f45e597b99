"""Who else it could be: the people whom registers confuse, beside one person and two strangers.

A match has to beat not only chance but its rivals. A namesake born the same day shares name and birth date by
definition, so however rare the name, it says nothing against one; a twin shares the mother, the place and
mostly the number but for its last digit; whoever uses another's number shares that and little else. They are
data, `models/<model>.rivals.json`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import polars as pl

from jendela.identity.judge.adapt import Levels, Probabilities
from jendela.identity.judge.model import LEVELS
from jendela.identity.judge.sums import by_grade, in_order


@dataclass(frozen=True)
class Rival:
    """One kind of confusion.

    name: what it is called in edges and explanations.
    rate: how many such pairs there are for one mention.
    shares: per comparison, how far the two share it: 1 as one person does, 0 (or not named) as anybody.
    own: comparisons in which such pairs have a way of their own: the probability of each grade.
    """

    name: str
    rate: float
    shares: dict[str, float]
    own: dict[str, Levels]

    def likelihood(self, comparison: str, fitted: Probabilities) -> Levels:
        """The probability of each grade of a comparison, if the pair is this rival's."""
        share = self.shares.get(comparison, 0.0)
        shared = {grade: share * m + (1 - share) * u for grade, (m, u) in fitted[comparison].items()}
        return self.own.get(comparison, shared)


def read_rivals(text: str) -> tuple[Rival, ...]:
    """The rivals of a model, from its JSON."""
    return tuple(
        Rival(
            name,
            rival["rate"],
            rival["shares"],
            {
                comparison: {int(grade): value for grade, value in levels.items()}
                for comparison, levels in rival["own"].items()
            },
        )
        for name, rival in json.loads(text).items()
    )


def rival_weights(
    evidence: pl.DataFrame, fitted: Probabilities, rivals: tuple[Rival, ...], matches: float
) -> pl.DataFrame:
    """Per rival, the log2 of the odds that each evidence row is one person rather than that.

    Args:
        matches: how many pairs that are one person there are for one mention.
    """
    return evidence.select(
        in_order(
            [
                pl.lit(math.log2(matches / rival.rate)),
                *(by_grade(pl.col(f"{name}_grade"), field_weights(name, fitted, rival)) for name in LEVELS),
            ]
        ).alias(rival.name)
        for rival in rivals
    )


def field_weights(comparison: str, fitted: Probabilities, rival: Rival) -> Levels:
    """What each grade of a comparison says for one person against this rival, as log2 of the ratio."""
    likelihood = rival.likelihood(comparison, fitted)
    return {grade: math.log2(m / likelihood[grade]) for grade, (m, _) in fitted[comparison].items()}
