"""Shares and ratios from a stratified sample, with intervals that hold when errors are rare.

Each stratum's share has the exact binomial interval (Clopper and Pearson 1934), on Kish's effective number of
labels where weights differ; for one stratum and equal weights that is the textbook interval. Strata are put
together by MOVER, which recovers each limit's variance from the strata's own limits: Zou and Donner 2008
(Statistics in Medicine 27:1693) for sums, Donner and Zou 2012 (Stat. Methods Med. Res. 21:347) for ratios.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import polars as pl

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value between its limits."""

    value: float
    low: float
    high: float


def exact(share: float, labels: float) -> tuple[float, float]:
    """The limits of a share of `labels` independent labels (which need not be a whole number)."""
    from scipy.stats import beta  # half a second to import

    tail, yes = (1 - CONFIDENCE) / 2, share * labels
    low = 0.0 if yes <= 0 else float(beta.ppf(tail, yes, labels - yes + 1))
    high = 1.0 if yes >= labels else float(beta.ppf(1 - tail, yes + 1, labels - yes))
    return low, high


def total(labels: pl.DataFrame) -> Estimate:
    """The weighted number of `same` among the pairs that these labels stand for.

    Args:
        labels: `stratum, weight, same`, one row per labelled pair.
    """
    by_stratum = labels.group_by("stratum", maintain_order=True).agg(
        pairs=pl.col("weight").sum(),
        squares=(pl.col("weight") ** 2).sum(),
        same=pl.col("weight").filter("same").sum(),
    )
    value = below = above = 0.0
    for pairs, squares, same in by_stratum.sort("stratum").drop("stratum").iter_rows():
        share = same / pairs
        low, high = exact(share, pairs**2 / squares)
        value += same
        below += (pairs * (share - low)) ** 2
        above += (pairs * (high - share)) ** 2
    return Estimate(value, max(0.0, value - sqrt(below)), value + sqrt(above))


def proportion(labels: pl.DataFrame) -> Estimate:
    """The share of `same` among the pairs that these labels stand for; there must be labels."""
    found, pairs = total(labels), float(labels["weight"].sum())
    return Estimate(min(1.0, found.value / pairs), found.low / pairs, min(1.0, found.high / pairs))


def found_of_all(found: pl.DataFrame, missed: pl.DataFrame) -> Estimate | None:
    """The share of the true pairs that was found; None where nothing true was found.

    Args:
        found: labels of the pairs that were found.
        missed: labels of the others, among which the true ones were missed.
    """
    hits, misses = total(found), total(missed)
    if hits.low <= 0:
        return None
    low, high = _ratio(misses, hits)
    return Estimate(hits.value / (hits.value + misses.value), 1 / (1 + high), 1 / (1 + low))


def _ratio(top: Estimate, bottom: Estimate) -> tuple[float, float]:
    """The limits of `top / bottom`, which are independent; `bottom` is above zero."""
    product = top.value * bottom.value
    wide = bottom.high * (2 * bottom.value - bottom.high)
    if wide > 0:
        square = product**2 - top.low * bottom.high * (2 * top.value - top.low) * (
            2 * bottom.value - bottom.high
        )
        low = (product - sqrt(max(0.0, square))) / wide
    else:
        low = top.low / bottom.high
    narrow = bottom.low * (2 * bottom.value - bottom.low)
    square = product**2 - top.high * bottom.low * (2 * top.value - top.high) * (2 * bottom.value - bottom.low)
    high = (product + sqrt(max(0.0, square))) / narrow
    return max(0.0, low), high
