"""How often each field agrees among pairs that are certain by all the other fields. Pure.

A pair tells how a field behaves if it is one person without that field: the weight of all the others, against
every explanation, is beyond doubt. So no label is needed, nothing that the field says decides whether it is
asked, and every grade can be seen. On made-up registers with a known truth the shares come out within a few
hundredths of theirs; estimation over all pairs does not, because relatives are neither matches nor strangers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.judge.adapt import Levels, Probabilities
from jendela.identity.judge.contributions import contributions, together
from jendela.identity.judge.model import LEVELS
from jendela.identity.judge.rivals import Rival
from jendela.identity.judge.score import patterns
from jendela.identity.judge.sums import row_totals
from jendela.identity.resolve import Fit

Counts = npt.NDArray[np.int64]
# A thousand to one by the other fields alone.
CERTAIN = 10.0
# So many certain pairs weigh as much as the model that one begins with: enough that no share becomes nothing.
KEPT_PAIRS = 20
# An agreement that fewer pairs show has the largest share that lets one see none (`UNSEEN` in so many pairs,
# at 95 in 100), if it had as much before: that nobody was seen to agree so says little against it.
FEWEST, UNSEEN = 5, 3
# So many mentions weigh as much as the rates in use.
KEPT_MENTIONS = 20_000
# A rate is another from this factor on.
MOVED = 1.2
DIGITS, LEAST = 6, 1e-6


@dataclass(frozen=True)
class Measured:
    """`m` of every grade, of how many certain pairs (`seen`); `rates`: pairs of each rival a mention."""

    m: dict[str, Levels]
    seen: dict[str, dict[int, int]]
    rates: dict[str, float]


def measured(evidence: pl.DataFrame, fit: Fit, before: Probabilities, rivals: tuple[Rival, ...]) -> Measured:
    """What `evidence` shows, and a little of what was `before`.

    Args:
        fit: what the pairs are judged by.
        before, rivals: the model that one begins with.
    """
    shown, of_row = patterns(evidence)
    pairs = np.bincount(of_row, minlength=shown.height)
    parts = contributions(shown, fit.model, fit.rivals, fit.matches, fit.counted.population)
    totals = {other: row_totals(frame) for other, frame in parts.items()}
    m, seen = {}, {}
    for name, (_, grades) in LEVELS.items():
        without = together({other: total - parts[other][name] for other, total in totals.items()})
        seen[name] = dict.fromkeys(grades, 0) | _counted(shown[f"{name}_grade"], pairs, without >= CERTAIN)
        m[name] = _shares(seen[name], {grade: before[name][grade][0] for grade in grades})
    return Measured(m, seen, _rates(totals, pairs, fit, rivals))


def _counted(grades: pl.Series, pairs: Counts, certain: pl.Series) -> dict[int, int]:
    """The certain pairs of each grade."""
    frame = pl.DataFrame({"grade": grades, "pairs": pairs}).filter(certain).drop_nulls()
    return dict(frame.group_by("grade").agg(pl.col("pairs").sum()).iter_rows())


def _shares(seen: Mapping[int, int], before: Levels) -> Levels:
    pairs = sum(seen.values())
    told = {
        grade: (seen[grade] + KEPT_PAIRS * share) / (pairs + KEPT_PAIRS) for grade, share in before.items()
    }
    for grade, count in seen.items():
        if count < FEWEST and grade != min(seen):
            told[grade] = min(before[grade], max(UNSEEN / max(pairs, 1), told[grade]))
    whole = sum(told.values()) / sum(before.values())
    return {grade: max(round(share / whole, DIGITS), LEAST) for grade, share in told.items()}


def _rates(
    totals: dict[str, pl.Series], pairs: Counts, fit: Fit, rivals: tuple[Rival, ...]
) -> dict[str, float]:
    """By rival how many pairs there are for one mention: each counts as far as it is likely the rival's."""
    # The odds of each other explanation against one person.
    odds = {other: np.exp2(-total.to_numpy()) for other, total in totals.items()}
    whole = 1 + sum(odds.values())
    found = {}
    for rival in rivals:
        counted = float((odds[rival.name] / whole * pairs).sum()) + KEPT_MENTIONS * rival.rate
        rate = float(f"{counted / (fit.counted.population + KEPT_MENTIONS):.2g}")
        moved = max(rate / rival.rate, rival.rate / rate) >= MOVED
        found[rival.name] = rate if moved else rival.rate
    return found
