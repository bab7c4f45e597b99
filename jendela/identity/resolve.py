"""Who is who among the mentions of one frame: block, compare, judge, divide. Pure, and the same every time.

`jendela link` and `jendela dedupe` are this over files. A night does the same steps over what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.block.candidates import Candidates, candidates
from jendela.identity.block.keys import foreign_keys, keys
from jendela.identity.cluster.components import inside_pairs, row_components
from jendela.identity.cluster.divide import CAUTION, CAUTION_ABROAD
from jendela.identity.cluster.persons import persons
from jendela.identity.compare.commonness import Commonness, commonness
from jendela.identity.compare.evidence import evidence
from jendela.identity.frequencies import Frequencies, frequencies
from jendela.identity.judge.adapt import (
    Probabilities,
    adapted,
    matches_per_mention,
)
from jendela.identity.judge.contributions import by_addition, prior
from jendela.identity.judge.judge import judge
from jendela.identity.judge.rates import fitted_rates
from jendela.identity.judge.rivals import Rival
from jendela.identity.judge.score import by_splink
from jendela.identity.standard.frame import Standard

if TYPE_CHECKING:
    from jendela.identity.policy import Policy

Rows = npt.NDArray[np.int64]
LINK, REVIEW, APART = "link", "review", "apart"


@dataclass(frozen=True)
class Fit:
    """What the registers at hand are judged by."""

    counted: Frequencies
    model: Probabilities
    rivals: tuple[Rival, ...]
    matches: float

    def judged(self, compared: pl.DataFrame) -> pl.DataFrame:
        """`compared` with tier, weight and the strongest other explanation; see `judge.judge`."""
        return judge(compared, self.model, self.rivals, self.matches, self._by_splink)

    @cached_property
    def _by_splink(self) -> Callable[[pl.DataFrame], pl.Series]:
        return by_splink(self.model, prior(self.matches, self.counted.population))

    def judged_by_night(self, compared: pl.DataFrame) -> pl.DataFrame:
        """The same to the last bit every night, however few pairs there are, and without starting Splink."""
        strangers = by_addition(self.model, self.matches, self.counted.population)
        return judge(compared, self.model, self.rivals, self.matches, strangers)


@dataclass(frozen=True)
class Resolution:
    """Who is who.

    pairs: `left, right` (rows, `left < right`), the grades of `compare.evidence`, `tier, weight, against` of
        `judge.judge` and `zone`. Two mentions of one person are `link`, whatever their own weight.
    person: per row the least row of its person.
    found: the candidates, for the counts.
    fit: what judged them.
    """

    pairs: pl.DataFrame
    person: Rows
    found: Candidates
    fit: Fit


def resolve(standard: Standard, policy: Policy, begin: Callable[[str], None] = lambda _: None) -> Resolution:
    """Judge all mentions of `standard` against each other.

    Args:
        begin: told the name of each stage as it begins: frequencies, block, compare, judge, persons.
    """
    begin("frequencies")
    counted = frequencies(standard)
    common = commonness(standard, counted)
    begin("block")
    every = chain(keys(standard), foreign_keys(standard)) if counted.foreign else keys(standard)
    found = candidates(standard, common, every, policy.largest_block)
    begin("compare")
    compared = evidence(standard, common, found.left, found.right)
    begin("judge")
    fit = fitted(policy, compared, counted)
    judged = with_inside_pairs(fit.judged(compared), standard, common, fit, policy)
    begin("persons")
    caution = CAUTION_ABROAD if counted.foreign else CAUTION
    person = persons(standard.height, judged, policy.link_weight, caution)
    return Resolution(zoned(judged, person, policy), person, found, fit)


def fitted(policy: Policy, compared: pl.DataFrame, counted: Frequencies) -> Fit:
    """The policy's model, fitted to what was compared."""
    model = adapted(policy.probabilities, compared, counted)
    matches = matches_per_mention(compared, counted)
    rivals = fitted_rates(
        compared, model, policy.rivals, matches, counted.population, foreign=counted.foreign
    )
    return Fit(counted, model, rivals, matches)


def with_inside_pairs(
    judged: pl.DataFrame, standard: Standard, common: Commonness, fit: Fit, policy: Policy
) -> pl.DataFrame:
    """`judged` and the pairs that links bring together though no key did: they too speak for or against."""
    linked = judged.filter(pl.col("weight") >= policy.link_weight)
    component = row_components(standard.height, linked["left"].to_numpy(), linked["right"].to_numpy())
    left, right = inside_pairs(component)
    inside = pl.DataFrame({"left": left, "right": right}).cast({"left": pl.UInt32, "right": pl.UInt32})
    fresh = inside.join(judged.select("left", "right"), on=["left", "right"], how="anti").sort(
        "left", "right"
    )
    more = evidence(
        standard,
        common,
        fresh["left"].to_numpy().astype(np.int64),
        fresh["right"].to_numpy().astype(np.int64),
    )
    return pl.concat([judged, fit.judged(more)])


def zoned(judged: pl.DataFrame, person: Rows, policy: Policy) -> pl.DataFrame:
    """`judged` with `zone`, in the order of the pairs."""
    one = pl.Series(person[judged["left"].to_numpy()] == person[judged["right"].to_numpy()])
    zone = (
        pl.when(one)
        .then(pl.lit(LINK))
        .when(pl.col("weight") >= policy.review_weight)
        .then(pl.lit(REVIEW))
        .otherwise(pl.lit(APART))
    )
    return judged.with_columns(zone.alias("zone")).sort("left", "right")
