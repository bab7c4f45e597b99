"""How many pairs of each rival there are: the mixture of explanations that the pairs at hand show.

With the likelihoods given, the rates are the only unknown: each pair counts for each explanation as far as it
is likely, and the counts are the next rates. Few mentions are outweighed by the shipped rates.

The shipped rates are those of registers of NIK holders, where ambiguous pairs are too many to tell from their
likeness alone; there only the borrowed numbers are measured, which nobody mistakes. Registers of other
countries show their own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.contributions import contributions
from jendela.identity.judge.rivals import Rival
from jendela.identity.judge.score import patterns
from jendela.identity.judge.sums import row_totals

BORROWER = "borrower"
# So many mentions weigh as much as the shipped rates, which say less of registers of another country.
KEPT_MENTIONS, KEPT_ABROAD = 2000, 200
# Namesakes born on one day are strangers: the more mentions, the more of them each has. So many mentions have
# the shipped rate.
NAMESAKE, SHIPPED_FOR = "namesake", 1_000_000
ROUNDS = 8


def fitted_rates(
    evidence: pl.DataFrame,
    fitted: Probabilities,
    rivals: tuple[Rival, ...],
    matches: float,
    population: int,
    *,
    foreign: bool,
) -> tuple[Rival, ...]:
    """`rivals` with the rates that the evidence shows.

    Args:
        evidence, fitted, matches, population: as for `judge.judge`.
        foreign: these are no registers of NIK holders: all rates are fitted.
    """
    if evidence.is_empty():
        return rivals
    shown, of_row = patterns(evidence)
    pairs = np.bincount(of_row, minlength=shown.height)
    # The odds of each other explanation against one person.
    odds = {
        other: np.exp2(-np.clip(row_totals(parts).to_numpy(), -1000, 1000))
        for other, parts in contributions(shown, fitted, rivals, matches, population).items()
    }
    rates = {rival.name: rival.rate for rival in rivals}
    expected, kept = dict(rates), KEPT_ABROAD if foreign else KEPT_MENTIONS
    if foreign:
        expected[NAMESAKE] *= min(population / SHIPPED_FOR, 1.0)
    for _ in range(ROUNDS):
        whole = 1 + sum(odds.values())
        for rival in rivals if foreign else [rival for rival in rivals if rival.name == BORROWER]:
            likely = float((odds[rival.name] / whole * pairs).sum()) + kept * expected[rival.name]
            rate = likely / (population + kept)
            odds[rival.name] = odds[rival.name] * (rate / rates[rival.name])
            rates[rival.name] = rate
    return tuple(replace(rival, rate=rates[rival.name]) for rival in rivals)
