"""The probabilistic tier: Fellegi-Sunter weights by Splink over patterns of evidence.

Splink is given each pattern as a left and a right row of one number and sees no personal value.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from jendela.identity.compare.evidence import GRADES, SHARES
from jendela.identity.judge.adapt import Probabilities
from jendela.identity.judge.linker import Scorer
from jendela.identity.judge.model import settings
from jendela.identity.standard.distinct import different

# Bits in which a column fits, with one value more for what is not said.
ROOM = dict.fromkeys(GRADES, 3) | {"nik_grade": 4, "residence_grade": 4} | dict.fromkeys(SHARES, 5)


def patterns(evidence: pl.DataFrame) -> tuple[pl.DataFrame, npt.NDArray[np.int64]]:
    """The different patterns of grades and bits, and which of them each row shows: pairs that agree and
    disagree alike weigh alike.
    """
    packed = np.zeros(evidence.height, dtype=np.int64)
    for name, room in ROOM.items():
        packed = packed << room | (evidence[name].fill_null(-1).to_numpy().astype(np.int64) + 1)
    _, first, shown = different(packed)
    return evidence.select(*ROOM)[first], shown


def by_splink(fitted: Probabilities, chance: float) -> Callable[[pl.DataFrame], pl.Series]:
    """Gives the log2 of the odds that each pattern is one person and not two strangers, in order.

    Args:
        chance: the probability that two mentions drawn at random are one person.
    """

    @cache
    def scorer() -> Scorer:
        import duckdb

        # A database in memory, gone with the last use of what is given.
        return Scorer(duckdb.connect(), settings(fitted, chance))

    def weights(shown: pl.DataFrame) -> pl.Series:
        if shown.is_empty():
            return pl.Series("weight", [], pl.Float64)
        sides = scorer().sides(shown.with_row_index("pattern"))
        inference = scorer().linker.inference
        scored = inference.predict_between(*sides, warning_mode="never").as_duckdbpyrelation()
        found: pl.DataFrame = scored.select("pattern_l AS pattern, match_weight AS weight").pl()
        return found.sort("pattern")["weight"]

    return weights
